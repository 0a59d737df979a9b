package org.hone.spark.table;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.hone.data.dialogue.Dialogue;
import org.hone.data.dialogue.Role;
import org.hone.data.dialogue.Turn;

/** Column types that several tables share. */
public final class Columns {
    private static final StructType TURN = new StructType(
            new StructField[] {required("role", DataTypes.StringType), required("text", DataTypes.StringType)});

    private Columns() {}

    static StructField required(String name, DataType type) {
        return DataTypes.createStructField(name, type, false);
    }

    static StructField optional(String name, DataType type) {
        return DataTypes.createStructField(name, type, true);
    }

    static StructField tokens(String name) {
        return required(name, DataTypes.createArrayType(DataTypes.IntegerType, false));
    }

    static StructField dialogue(String name) {
        return required(name, DataTypes.createArrayType(TURN, false));
    }

    /**
     * A dialogue as it stands in a table.
     *
     * @param dialogue the dialogue
     * @return one row a turn
     */
    public static Row[] turns(Dialogue dialogue) {
        return dialogue.turns().stream()
                .map(turn -> RowFactory.create(turn.role().name(), turn.text()))
                .toArray(Row[]::new);
    }

    /**
     * A dialogue from a table.
     *
     * @param row a row
     * @param column the name of its dialogue column
     * @return the dialogue
     */
    public static Dialogue dialogue(Row row, String column) {
        List<Row> turns = row.getList(row.fieldIndex(column));
        return new Dialogue(turns.stream()
                .map(turn -> new Turn(Role.valueOf(turn.getString(0)), turn.getString(1)))
                .toList());
    }

    /**
     * Token ids from a table.
     *
     * @param row a row
     * @param column the name of its token column
     * @return the ids
     */
    public static int[] tokens(Row row, String column) {
        List<Integer> ids = row.getList(row.fieldIndex(column));
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    /**
     * Token ids as they stand in a table.
     *
     * @param ids the ids
     * @return the same, boxed
     */
    public static Integer[] boxed(int[] ids) {
        return Arrays.stream(ids).boxed().toArray(Integer[]::new);
    }

    /**
     * Numbers as Spark stores them in a row.
     *
     * @param numbers the numbers
     * @return the same, boxed
     */
    public static Float[] boxed(float[] numbers) {
        Float[] boxed = new Float[numbers.length];
        Arrays.setAll(boxed, i -> numbers[i]);
        return boxed;
    }

    /**
     * A schema's columns, to select what has more of them.
     *
     * @param schema the schema
     * @return its columns, in order
     */
    public static Column[] of(StructType schema) {
        return Arrays.stream(schema.fieldNames()).map(functions::col).toArray(Column[]::new);
    }

    /**
     * The sum of doubles, the same in whatever order they come: those of decimals do not depend on it, as those of floating-point
     * numbers do.
     *
     * @param of the doubles, of less than 10²³ in all; what they have beyond 15 places is rounded away
     * @return the sum, as a double
     */
    public static Column exactSum(Column of) {
        return functions.sum(of.cast(DataTypes.createDecimalType(38, 15))).cast(DataTypes.DoubleType);
    }

    /**
     * A column's order that depends on the seed and the row's id alone, so that sorting by it shuffles the
     * same way whatever the partitions.
     *
     * @param seed the seed
     * @param id name of the id column
     * @return the hash column
     */
    public static Column shuffled(long seed, String id) {
        return functions.xxhash64(functions.lit(seed), functions.col(id));
    }

    /**
     * A row of the model: the prompt, then the response.
     *
     * @param prompt the prompt's ids
     * @param response the response's ids
     * @return a new array
     */
    public static int[] joined(int[] prompt, int[] response) {
        int[] ids = Arrays.copyOf(prompt, prompt.length + response.length);
        System.arraycopy(response, 0, ids, prompt.length, response.length);
        return ids;
    }
}
