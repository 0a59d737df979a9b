package org.hone.spark.executor;

import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/**
 * One copy an executor of what is costly to load, lent to its tasks. A copy that no task holds is closed
 * when another one is asked for.
 *
 * @param <T> what is shared; it must allow use by several threads
 */
final class Shared<T> {
    private final Map<String, Holder<T>> holders = new HashMap<>();
    private final Function<T, Runnable> closer;

    private static final class Holder<T> {
        private final T value;
        private int borrowers;

        Holder(T value) {
            this.value = value;
        }
    }

    Shared(Function<T, Runnable> closer) {
        this.closer = closer;
    }

    /** Lends the value of a key until the running task ends. */
    synchronized T borrow(String key, Supplier<T> loader) {
        Holder<T> holder = holders.get(key);
        if (holder == null) {
            closeIdle();
            holder = new Holder<>(loader.get());
            holders.put(key, holder);
        }
        holder.borrowers++;
        Holder<T> lent = holder;
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> giveBack(lent));
        return holder.value;
    }

    private synchronized void giveBack(Holder<T> holder) {
        holder.borrowers--;
    }

    private void closeIdle() {
        for (Iterator<Holder<T>> all = holders.values().iterator(); all.hasNext(); ) {
            Holder<T> holder = all.next();
            if (holder.borrowers == 0) {
                closer.apply(holder.value).run();
                all.remove();
            }
        }
    }
}
