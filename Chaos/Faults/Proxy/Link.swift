import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// A network between two processes that can be cut, frozen and slowed: a TCP proxy on loopback.
final class Link: Sendable {
    private struct State {
        var mode = LinkMode.open
        var target: Int
        var relays: [ObjectIdentifier: NIOLoopBound<Relay>] = [:]
    }

    /// Who is connected with whom, for people.
    let name: String
    private let state: Mutex<State>
    private let listener = Mutex<(any Channel)?>(nil)

    private init(_ name: String, to target: Int) {
        self.name = name
        self.state = Mutex(State(target: target))
    }

    static func make(_ name: String, to target: Int) async throws -> Link {
        let link = Link(name, to: target)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { link.accept($0) }
            .bind(host: "127.0.0.1", port: 0).get()
        link.listener.withLock { $0 = channel }
        return link
    }

    var port: Int { self.listener.withLock { $0?.localAddress?.port ?? 0 } }

    var mode: LinkMode { self.state.withLock { $0.mode } }

    var isInUse: Bool { self.state.withLock { !$0.relays.isEmpty } }

    func set(_ mode: LinkMode) {
        let relays = self.state.withLock { state in
            state.mode = mode
            return Array(state.relays.values)
        }
        for relay in relays {
            relay.eventLoop.execute {
                if mode == .cut { relay.value.reset() } else { relay.value.pump() }
            }
        }
    }

    /// New connections lead to another port on loopback; with `ends`, the old ones are reset.
    func lead(to target: Int, ends: Bool) {
        let relays = self.state.withLock { state in
            state.target = target
            return ends ? Array(state.relays.values) : []
        }
        for relay in relays { relay.eventLoop.execute { relay.value.reset() } }
    }

    func close() async { try? await self.listener.withLock { $0 }?.close() }

    /// When it is closed, the other side sees a reset instead of a goodbye (socket(7): SO_LINGER with no time).
    static func resets(_ channel: any Channel) {
        guard let provider = channel as? any SocketOptionProvider else { return }
        _ = provider.setSoLinger(linger(l_onoff: 1, l_linger: 0))
    }

    private func accept(_ client: any Channel) -> EventLoopFuture<Void> {
        let (mode, target) = self.state.withLock { ($0.mode, $0.target) }
        if mode == .cut {
            Self.resets(client)
            return client.close()
        }
        return ClientBootstrap(group: client.eventLoop)
            .channelOption(.autoRead, value: false)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(host: "127.0.0.1", port: target)
            .flatMapThrowing { try self.join(client, $0) }
    }

    private func join(_ client: any Channel, _ server: any Channel) throws {
        let (one, other) = (Relay(self), Relay(self))
        (one.peer, other.peer) = (other, one)
        try client.pipeline.syncOperations.addHandler(one)
        try server.pipeline.syncOperations.addHandler(other)
        self.remember(one, client)
        self.remember(other, server)
        for channel in [client, server] { _ = channel.setOption(.autoRead, value: true) }
    }

    private func remember(_ relay: Relay, _ channel: any Channel) {
        let key = ObjectIdentifier(relay)
        let bound = NIOLoopBound(relay, eventLoop: channel.eventLoop)
        self.state.withLock { $0.relays[key] = bound }
        channel.closeFuture.whenComplete { _ in self.state.withLock { $0.relays[key] = nil } }
    }
}
