package org.hone.spark.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.rpc.RpcEnv;
import scala.Option;

/** A standalone cluster of two workers that Spark takes for two machines, as {@code local-cluster} are not. */
final class TwoHosts implements AutoCloseable {
    private static final int MEMORY_MIB = 1_024;

    private final String url;
    private final List<RpcEnv> parts = new ArrayList<>();

    TwoHosts(Path folder) {
        SparkConf settings = new SparkConf(false);
        RpcEnv master =
                Master.startRpcEnvAndEndpoint("127.0.0.1", 0, 0, settings)._1();
        parts.add(master);
        url = "spark://" + master.address().hostPort();
        for (int host = 1; host <= 2; host++) {
            parts.add(Worker.startRpcEnvAndEndpoint(
                    "127.0.0." + host,
                    0,
                    0,
                    1,
                    MEMORY_MIB,
                    new String[] {url},
                    folder.resolve("worker-" + host).toString(),
                    Option.apply(host),
                    settings,
                    Option.empty()));
        }
    }

    /** {@return the URL of its master} */
    String url() {
        return url;
    }

    @Override
    public void close() {
        for (int i = parts.size() - 1; i >= 0; i--) {
            parts.get(i).shutdown();
            parts.get(i).awaitTermination();
        }
    }
}
