package org.hone.model.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RawBytesTest {
    @Test
    void arraysGoInAndComeOut() {
        Memory.tidy(() -> {
            assertThat(Tensors.of(new float[] {1.5f, -2}, 2, 1).shape()).containsExactly(2, 1);
            assertThat(Tensors.of(new float[] {1.5f, -2}).toFloats()).containsExactly(1.5f, -2);
            assertThat(Tensors.of(new double[] {1e300}).dataType()).isEqualTo(DataType.FLOAT64);
            assertThat(Tensors.of(new int[] {3, -4}).dataType()).isEqualTo(DataType.INT64);
            assertThat(Tensors.of(new long[] {1L << 40}).toLongs()).containsExactly(1L << 40);
            assertThat(Tensors.of(new boolean[] {true, false}).toLongs()).containsExactly(1, 0);
            assertThat(Tensors.of(new float[0]).toFloats()).isEmpty();
            assertThat(Tensors.of(new float[] {1, 2, 3, 4}, 2, 2)
                            .transpose(0, 1)
                            .toFloats())
                    .containsExactly(1, 3, 2, 4);
            // 1 + 2^-8 lies between the neighbours 1 and 1.0078125 of bfloat16; ties go to even
            assertThat(Tensors.of(new float[] {1.0039062f, 1.01f})
                            .to(DataType.BFLOAT16)
                            .toFloats())
                    .containsExactly(1f, 1.0078125f);
            assertThatThrownBy(() -> Tensors.of(new float[3], 2, 2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("3 values do not fill the shape [2, 2]");
        });
    }

    @Test
    void bytesAreReadAndWritten() {
        Memory.tidy(() -> {
            Tensor tensor = Tensors.of(new float[] {1, 2, 3, 4}, 2, 2);
            ByteBuffer middle = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            RawBytes.read(tensor, 4, middle);
            assertThat(middle.flip().order(ByteOrder.LITTLE_ENDIAN).getFloat(0)).isEqualTo(2);
            assertThat(middle.getFloat(4)).isEqualTo(3);
            middle.putFloat(0, 9);
            RawBytes.write(tensor, 8, middle);
            assertThat(tensor.toFloats()).containsExactly(1, 2, 9, 3);
            assertThatThrownBy(() -> RawBytes.read(tensor, 12, ByteBuffer.allocate(8)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("bytes 12 to 20 are outside a tensor of 16 bytes");
            assertThatThrownBy(() -> RawBytes.read(tensor.transpose(0, 1), 0, ByteBuffer.allocate(8)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("must be contiguous");
        });
    }

    @Test
    void aMappedFileIsNotCopiedAndStaysAsLongAsAViewNeedsIt(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("numbers");
        ByteBuffer numbers = ByteBuffer.allocate(4 * 1024).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 1024; i++) {
            numbers.putFloat(i * 4, i);
        }
        Files.write(file, numbers.array());
        int heldBefore = Mappings.held();
        Tensor row = viewOfMapping(file);
        Tensor copy = Memory.tidy(row::copy);
        assertThat(Mappings.held()).isEqualTo(heldBefore + 1);
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        assertThat(row.toFloats()).startsWith(-5, 33, 34).hasSize(32);
        row.close();
        assertThat(Mappings.held()).isEqualTo(heldBefore);
        assertThat(copy.toFloats()).startsWith(-5, 33);
        copy.close();
        assertThat(Files.readAllBytes(file)).isEqualTo(numbers.array());
    }

    private static Tensor viewOfMapping(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer buffer = channel.map(FileChannel.MapMode.PRIVATE, 0, 4 * 1024);
            return Memory.tidy(() -> {
                Tensor whole = RawBytes.mapped(buffer, DataType.FLOAT32, 32, 32);
                buffer.order(ByteOrder.LITTLE_ENDIAN).putFloat(4 * 32, -5); // seen by the tensor: nothing was copied
                return whole.select(0, 1);
            });
        }
    }

    @Test
    void unfitBuffersAreRefused() {
        Memory.tidy(() -> {
            assertThatThrownBy(() -> RawBytes.mapped(ByteBuffer.allocate(4), DataType.FLOAT32, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("direct, writable");
            assertThatThrownBy(() -> RawBytes.mapped(ByteBuffer.allocateDirect(4), DataType.FLOAT32, 2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the buffer has 4 bytes; FLOAT32 [2] needs 8");
            assertThat(RawBytes.mapped(ByteBuffer.allocateDirect(0), DataType.INT64, 0, 3)
                            .shape())
                    .containsExactly(0, 3);
        });
    }
}
