package org.hone.data.importer.record;

import java.io.Serial;
import org.hone.data.importer.Imported;
import org.hone.data.importer.QuarantineReason;

/** Why a record, or one comparison of it, is not imported. Has no stack trace: it is an outcome, not a fault. */
public final class Refusal extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final QuarantineReason reason;

    /**
     * Makes a refusal.
     *
     * @param reason why, for counting
     * @param detail what was found
     */
    public Refusal(QuarantineReason reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    /**
     * The refusal as an outcome.
     *
     * @return reason and detail
     */
    public Imported.Refused refused() {
        String detail = getMessage();
        return new Imported.Refused(reason, detail == null ? reason.description() : detail);
    }
}
