package org.hone.model.distributed;

import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.nccl.ProcessGroupNCCL;
import org.hone.model.tensor.Device;

/** Makes groups over NCCL. No other class names NCCL's, which the CPU build of libtorch cannot load. */
final class NcclGroup {
    private NcclGroup() {}

    static Communicator join(Membership membership, int deviceIndex) {
        if (!Device.cudaAvailable()) {
            throw new IllegalStateException("NCCL needs a CUDA device and the GPU build of libtorch, and this process"
                    + " has none; build with -Dtorch.platform=linux-x86_64-gpu, or use Gloo");
        }
        try {
            return NativeScope.call(() -> {
                Store store = Rendezvous.connect(membership);
                Milliseconds timeout = new Milliseconds(membership.timeout().toMillis());
                store.setTimeout(timeout);
                ProcessGroupNCCL group = new ProcessGroupNCCL(
                        store, membership.rank(), membership.size(), ProcessGroupNCCL.Options.create());
                group.setTimeout(timeout);
                group.setBoundDeviceId(
                        new DeviceOptional(new org.bytedeco.pytorch.Device(torch.DeviceType.CUDA, (byte) deviceIndex)));
                group.retainReference();
                return new BackendCommunicator(membership, group, Device.cuda(deviceIndex));
            });
        } catch (CommunicationException | IllegalArgumentException problem) {
            throw problem;
        } catch (RuntimeException problem) {
            throw membership.failed("all ranks to join", problem);
        }
    }
}
