package org.hone.data.tokenizer;

/** The invariant that text never becomes a control token, checked on every result of a library. */
final class ControlIds {
    private ControlIds() {}

    static int[] refuse(Tokenizer tokenizer, int[] ids) {
        for (int i = 0; i < ids.length; i++) {
            if (tokenizer.isControl(ids[i])) {
                throw new IllegalStateException("text became the control token '" + tokenizer.piece(ids[i])
                        + "' (id " + ids[i] + ") at position " + i
                        + "; this tokenizer's vocabulary spells a control token that text can reach, so it is unsafe");
            }
        }
        return ids;
    }
}
