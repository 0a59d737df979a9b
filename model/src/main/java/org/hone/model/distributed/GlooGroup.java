package org.hone.model.distributed;

import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Store;
import org.hone.model.tensor.Device;

/** Makes groups over Gloo. */
final class GlooGroup {
    private GlooGroup() {}

    static Communicator join(Membership membership, String bindHost) {
        try {
            return NativeScope.call(() -> {
                Store store = Rendezvous.connect(membership);
                ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create(
                        new Milliseconds(membership.timeout().toMillis()));
                GlooDeviceVector devices = new GlooDeviceVector();
                devices.push_back(ProcessGroupGloo.createDeviceForHostname(bindHost));
                options.devices(devices);
                ProcessGroupGloo group = new ProcessGroupGloo(store, membership.rank(), membership.size(), options);
                group.retainReference();
                return new BackendCommunicator(membership, group, Device.cpu());
            });
        } catch (CommunicationException | IllegalArgumentException problem) {
            throw problem;
        } catch (RuntimeException problem) {
            throw membership.failed("all ranks to join", problem);
        }
    }
}
