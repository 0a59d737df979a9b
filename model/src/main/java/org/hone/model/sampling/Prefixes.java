package org.hone.model.sampling;

import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.hone.model.llama.PromptCache;

/**
 * Beginnings of prompts that were run, so that another prompt with the same beginning takes over their keys and values. Kept
 * in blocks of {@value #BLOCK} tokens; those not used for longest go first.
 */
final class Prefixes implements AutoCloseable {
    private static final int BLOCK = 4 * Family.STRETCH;
    /** Of the memory; the rest is for prompts and responses that are being worked on. */
    private static final int LARGEST_PART = 4;

    private static final long NO_PARENT = 0;

    /** A block is told by its tokens and those before it. */
    private record Key(long parent, IntBuffer tokens) {}

    private record Block(long id, PromptCache cache) {}

    private final CacheMemory memory;
    private final Map<Key, Block> blocks = new LinkedHashMap<>(16, 0.75f, true);
    private long lastId = NO_PARENT;

    Prefixes(CacheMemory memory) {
        this.memory = memory;
    }

    /** Fills a prompt's cache as far as its beginning is known. Its last token is left, because its logits are not kept. */
    void fill(PromptCache cache, int[] tokens) {
        long parent = NO_PARENT;
        while (cache.filled() + BLOCK < tokens.length) {
            Block block = blocks.get(key(parent, tokens, cache.filled()));
            if (block == null) {
                return;
            }
            cache.append(block.cache());
            parent = block.id();
        }
    }

    /** Keeps the blocks of a prompt that was run to its end. */
    void keep(PromptCache cache, int[] tokens) {
        long parent = NO_PARENT;
        for (int start = 0; start + BLOCK < tokens.length; start += BLOCK) {
            Key key = key(parent, tokens, start);
            Block known = blocks.get(key);
            if (known == null) {
                if (!makeRoom()) {
                    return;
                }
                known = new Block(++lastId, cache.copy(start, BLOCK));
                memory.take(BLOCK);
                blocks.put(key, known);
            }
            parent = known.id();
        }
    }

    private boolean makeRoom() {
        long most = memory.capacity() / LARGEST_PART / BLOCK;
        while (!blocks.isEmpty() && blocks.size() >= most) {
            forgetOldest();
        }
        return blocks.size() < most && memory.fits(BLOCK);
    }

    private static Key key(long parent, int[] tokens, int start) {
        return new Key(parent, IntBuffer.wrap(Arrays.copyOfRange(tokens, start, start + BLOCK)));
    }

    /** Gives the memory of a block back, if there is one. */
    boolean forgetOldest() {
        Iterator<Block> oldest = blocks.values().iterator();
        if (!oldest.hasNext()) {
            return false;
        }
        oldest.next().cache().close();
        oldest.remove();
        memory.give(BLOCK);
        return true;
    }

    @Override
    public void close() {
        while (forgetOldest()) {}
    }
}
