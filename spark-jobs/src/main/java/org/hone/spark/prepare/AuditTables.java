package org.hone.spark.prepare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.hone.spark.audit.Audit;
import org.hone.spark.audit.AuditInput;
import org.hone.spark.audit.AuditPage;
import org.hone.spark.audit.AuditReport;
import org.hone.spark.recipe.DataRecipe;
import org.hone.spark.table.Table;

/**
 * Every curated row, and every row of the shards if they are there, against the rules of training data. Shards that were
 * packed from anything but the curated tables as they are now fail the audit, however sound their rows are.
 */
public final class AuditTables {
    private static final String STEP = "audit";

    private AuditTables() {}

    /**
     * Audits; the page goes to {@code audit/audit.html}.
     *
     * @param folder the data folder
     * @param recipe the recipe
     * @return what was found
     * @throws IOException if something cannot be read or written
     */
    public static AuditReport run(DataFolder folder, DataRecipe recipe) throws IOException {
        Steps.state(folder, CurateTables.STEP, CurateTables.COMMAND);
        List<AuditInput.Table> tables = new ArrayList<>();
        for (Table table : Curated.PAIRS) {
            add(folder, table, AuditInput.Content.PREFERENCES, tables);
        }
        add(folder, Curated.SFT, AuditInput.Content.SFT, tables);
        add(folder, Curated.PROMPTS, AuditInput.Content.PROMPTS, tables);
        List<String> shards = new ArrayList<>();
        for (String name : folder.storage().list(folder.path(PackTables.STEP))) {
            if (!name.startsWith("_")) {
                shards.add(folder.path(PackTables.STEP + "/" + name));
            }
        }
        List<String> stale = new ArrayList<>();
        if (!shards.isEmpty() && !Steps.isDone(folder, PackTables.STEP, PackTables.inputs(folder, recipe))) {
            stale.add(
                    folder.path(PackTables.STEP) + ": the shards are not those of the curated tables: hone pack did not"
                            + " end, or hone curate came after it, or the recipe's seed or encoding is another; run hone pack"
                            + " with this recipe, then audit again");
        }
        AuditReport report = Audit.run(
                folder.spark(),
                new AuditInput(
                        PackTables.encoding(folder, recipe.encoding()),
                        recipe.encoding().responseTokens(),
                        tables,
                        shards,
                        stale,
                        recipe.audit()));
        folder.storage().writeText(page(folder), AuditPage.html(report));
        return report;
    }

    /**
     * Where the page is.
     *
     * @param folder the data folder
     * @return its path
     */
    public static String page(DataFolder folder) {
        return folder.path(STEP + "/" + AuditPage.NAME);
    }

    private static void add(DataFolder folder, Table table, AuditInput.Content content, List<AuditInput.Table> tables)
            throws IOException {
        tables.add(new AuditInput.Table(table.name(), content, Curated.read(folder, table)));
    }
}
