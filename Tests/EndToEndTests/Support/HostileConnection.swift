import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import Synchronization

/// A connection of somebody who means no good, which sends what it likes and sees what comes back.
final class HostileConnection: Sendable {
    private let channel: any Channel
    private let received: Received

    private init(_ channel: any Channel, _ received: Received) {
        self.channel = channel
        self.received = received
    }

    /// Whether the endpoint still has it.
    var isOpen: Bool { self.channel.isActive }

    /// The statuses of all responses so far.
    var statuses: [Int] {
        String(decoding: self.received.bytes.withLock { $0 }, as: UTF8.self).matches(of: #/HTTP/1.1 (\d{3}) /#)
            .compactMap { Int($0.1) }
    }

    /// Sends and does not wait until it is taken.
    func send(_ bytes: [UInt8]) { self.channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil) }

    func send(_ text: String) { self.send(Array(text.utf8)) }

    /// Sends again and again, as fast as it is taken, until the connection ends.
    func stream(_ bytes: [UInt8], atMost times: Int, every pause: Duration = .zero) async {
        for _ in 0..<times where self.isOpen {
            guard (try? await self.channel.writeAndFlush(ByteBuffer(bytes: bytes))) != nil else { return }
            if pause > .zero { try? await Task.sleep(for: pause) }
        }
    }

    func close() { self.channel.close(promise: nil) }

    // MARK: Many of them

    /// Connections to a port of loopback, each from one of so many addresses, that are connected, and have ended their
    /// handshake, or have been closed.
    ///
    /// - Parameters:
    ///   - tls: Nil connects with TCP alone.
    ///   - reads: Whether what comes back is taken from the system.
    static func open(
        _ count: Int, to port: Int, perAddress: Int = 50, tls: NIOSSLContext? = nil, reads: Bool = true
    ) async throws -> [HostileConnection] {
        let first = self.addresses.add((count + perAddress - 1) / perAddress, ordering: .relaxed).oldValue
        var connections: [HostileConnection] = []
        // So many at a time: the system keeps no more waiting to be accepted, and a handshake takes its time on either side,
        // in a debug build on a machine that both share.
        let together = tls == nil ? 200 : 16
        for start in stride(from: 0, to: count, by: together) {
            try await withThrowingTaskGroup(of: HostileConnection.self) { group in
                for index in start..<min(start + together, count) {
                    let number = first + index / perAddress
                    group.addTask {
                        try await self.open(
                            from: "127.\(1 + number / 62_500).\(number / 250 % 250).\(1 + number % 250)", to: port,
                            tls: tls, reads: reads)
                    }
                }
                for try await connection in group { connections.append(connection) }
            }
        }
        return connections
    }

    private static func open(
        from address: String, to port: Int, tls: NIOSSLContext?, reads: Bool
    ) async throws -> HostileConnection {
        let received = Received()
        let ready = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: Void.self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(to: SocketAddress(ipAddress: address, port: 0))
            .connectTimeout(.seconds(30))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: tls, serverHostname: "localhost"))
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        Listener(received, ready: ready, isSecure: tls != nil))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        try await ready.futureResult.get()
        if !reads { try await channel.setOption(.autoRead, value: false).get() }
        return HostileConnection(channel, received)
    }

    /// Addresses that have been used; an attack that is over shall not be counted against the next one.
    private static let addresses = Atomic(0)

    private final class Received: Sendable {
        let bytes = Mutex<[UInt8]>([])
    }

    private final class Listener: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let received: Received
        private let ready: EventLoopPromise<Void>
        private let isSecure: Bool

        init(_ received: Received, ready: EventLoopPromise<Void>, isSecure: Bool) {
            self.received = received
            self.ready = ready
            self.isSecure = isSecure
        }

        func channelActive(context: ChannelHandlerContext) { if !self.isSecure { self.ready.succeed() } }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case TLSUserEvent.handshakeCompleted = event { self.ready.succeed() }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let buffer = self.unwrapInboundIn(data)
            // Enough to see what was answered.
            self.received.bytes.withLock { if $0.count < 65_536 { $0 += buffer.readableBytesView } }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        func channelInactive(context: ChannelHandlerContext) { self.ready.succeed() }
    }
}

extension [HostileConnection] {
    var open: Int { self.count(where: \.isOpen) }

    func close() { for connection in self { connection.close() } }
}
