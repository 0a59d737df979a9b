package org.hone.spark.audit;

import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.hone.data.audit.Rule;

/** What the audit finds out about a row, small enough to keep for every row of a corpus. */
final class Verdicts {
    /** One row a row that is trained on; {@code rules} names each broken {@link Rule}. */
    static final StructType SCHEMA = new StructType()
            .add("table", DataTypes.StringType, false)
            .add("source", DataTypes.StringType, false)
            .add("id", DataTypes.StringType, false)
            .add("part", DataTypes.StringType, false)
            .add("rules", DataTypes.createArrayType(DataTypes.StringType, false), false)
            .add("tokens", DataTypes.IntegerType, false)
            .add("trained", DataTypes.IntegerType, false)
            .add("truncated", DataTypes.BooleanType, false);

    private Verdicts() {}

    /**
     * A row's verdict.
     *
     * @param table the table's name
     * @param source where the row came from
     * @param id its id
     * @param part which of the rows that were made of it: chosen, rejected, response, prompt
     */
    record Subject(String table, String source, String id, String part) {
        Row verdict(Set<Rule> broken, int tokens, int trained, boolean truncated) {
            String[] rules = broken.stream().map(Rule::name).toArray(String[]::new);
            return RowFactory.create(table, source, id, part, rules, tokens, trained, truncated);
        }
    }
}
