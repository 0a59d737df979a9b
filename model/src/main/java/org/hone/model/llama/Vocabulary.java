package org.hone.model.llama;

/** The check that ids are in the vocabulary: libtorch does not say which id was wrong, and on a GPU not even that one was. */
final class Vocabulary {
    private Vocabulary() {}

    /** The place of the first id below 0 or beyond the vocabulary, or -1. */
    static int firstOutside(int[] ids, int size) {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= size) {
                return i;
            }
        }
        return -1;
    }

    static IllegalArgumentException outside(String place, int id, int size) {
        return new IllegalArgumentException(place + ": id " + id + " is not in the vocabulary of " + size
                + "; tokenizer and model do not belong together");
    }
}
