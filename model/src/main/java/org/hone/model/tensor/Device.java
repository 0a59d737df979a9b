package org.hone.model.tensor;

import org.bytedeco.pytorch.global.torch;

/**
 * Where a tensor lies.
 *
 * @param kind processor or graphics card
 * @param index which graphics card; 0 for the processor
 */
public record Device(Kind kind, int index) {
    /** The kinds of device. */
    public enum Kind {
        /** Main memory. */
        CPU,
        /** A CUDA graphics card. */
        CUDA
    }

    /**
     * Checks the index.
     *
     * @param kind any
     * @param index 0 for the processor, 0 to 127 for a graphics card
     */
    public Device {
        if (index < 0 || index > Byte.MAX_VALUE || (kind == Kind.CPU && index != 0)) {
            throw new IllegalArgumentException("device index: " + index + " is not an index of a " + kind);
        }
    }

    /** {@return main memory} */
    public static Device cpu() {
        return new Device(Kind.CPU, 0);
    }

    /**
     * Names a graphics card.
     *
     * @param index its index in this process, from 0
     * @return the device
     */
    public static Device cuda(int index) {
        return new Device(Kind.CUDA, index);
    }

    /** {@return whether this process has a usable CUDA graphics card} */
    public static boolean cudaAvailable() {
        Memory.load();
        return torch.cuda_is_available();
    }

    static Device of(org.bytedeco.pytorch.Device device) {
        return device.is_cuda() ? cuda(device.index()) : cpu();
    }

    org.bytedeco.pytorch.Device toNative() {
        return switch (kind) {
            case CPU -> new org.bytedeco.pytorch.Device(torch.DeviceType.CPU);
            case CUDA -> new org.bytedeco.pytorch.Device(torch.DeviceType.CUDA, (byte) index);
        };
    }
}
