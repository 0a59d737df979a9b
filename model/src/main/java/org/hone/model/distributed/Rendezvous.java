package org.hone.model.distributed;

import java.time.Duration;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.PrefixStore;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;

/**
 * The place where the ranks of a stage find each other: a small key-value server in the process of rank 0.
 *
 * <p>Rank 0 opens it and tells the others its address (in Spark through the barrier's allGather); every rank,
 * rank 0 too, then joins by {@link Communicator#gloo} or {@link Communicator#nccl}. The server listens on every
 * interface and knows no passwords, as all of torch.distributed does: it belongs inside a cluster's network.
 */
public final class Rendezvous implements AutoCloseable {
    private final TCPStore store;
    private final String address;

    private Rendezvous(TCPStore store, String address) {
        this.store = store;
        this.address = address;
    }

    /**
     * Opens the server on a port that the operating system chooses.
     *
     * @param host the name or address by which the other ranks reach this machine
     * @param timeout of opening it
     * @return the open rendezvous
     * @throws CommunicationException if the host's name cannot be resolved or no port is to be had
     */
    public static Rendezvous host(String host, Duration timeout) {
        Membership.checkTimeout(timeout);
        TCPStore store = open(host, 0, true, timeout);
        return new Rendezvous(store, host + ":" + (store.getPort() & 0xFFFF));
    }

    /**
     * Where the other ranks find it.
     *
     * @return host:port
     */
    public String address() {
        return address;
    }

    /** Stops the server. Groups that have formed go on without it. */
    @Override
    public void close() {
        store.close();
    }

    /**
     * Connects a rank, and makes the store that its group keeps. Call it inside a native scope.
     *
     * <p>libtorch counts references to stores, but the presets construct them with a count of 0: a group that is given such
     * a store does not keep it alive, and writes to freed memory when it is closed. What clone() returns is counted, so
     * only clones are passed on.
     */
    static Store connect(Membership membership) {
        try (TCPStore uncounted = open(membership.host(), membership.port(), false, membership.timeout())) {
            return new PrefixStore(membership.prefix(), uncounted.clone()).clone();
        }
    }

    private static TCPStore open(String host, int port, boolean server, Duration timeout) {
        try {
            return NativeScope.call(() -> {
                TCPStoreOptions options = new TCPStoreOptions();
                options.port((short) port);
                options.isServer(server);
                options.waitWorkers(false);
                options.timeout(new Milliseconds(timeout.toMillis()));
                TCPStore store = new TCPStore(host, options);
                // the scope frees the options; the reference kept here lets the store live until it is closed
                return store.retainReference();
            });
        } catch (RuntimeException problem) {
            String purpose = server ? "could not be opened on " + host : "at " + host + ":" + port + " did not answer";
            throw new CommunicationException(
                    "the rendezvous " + purpose + " within " + timeout.toMillis() + " ms: "
                            + CommunicationException.firstLine(problem),
                    problem);
        }
    }
}
