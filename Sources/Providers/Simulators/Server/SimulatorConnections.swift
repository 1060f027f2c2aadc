internal import NIOCore
internal import Synchronization

/// The open connections of the simulators, so that they can be ended.
final class SimulatorConnections: Sendable {
    private let open = Mutex<[ObjectIdentifier: any Channel]>([:])

    func add(_ channel: any Channel) {
        let key = ObjectIdentifier(channel)
        self.open.withLock { $0[key] = channel }
        channel.closeFuture.whenComplete { _ in self.open.withLock { $0[key] = nil } }
    }

    func closeAll() async {
        let channels = self.open.withLock { Array($0.values) }
        for channel in channels {
            channel.eventLoop.execute { SimulatorHandler.cut(channel) }
        }
        for channel in channels { try? await channel.closeFuture.get() }
    }
}
