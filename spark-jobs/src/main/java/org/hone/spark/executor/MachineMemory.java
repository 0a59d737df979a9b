package org.hone.spark.executor;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Main memory of the machine that this process runs on. */
public final class MachineMemory {
    private MachineMemory() {}

    /** {@return bytes that this process may use: the machine's, or its container's} */
    public static long bytes() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    }
}
