internal import CRabbitMQ

/// One TCP or TLS connection to the broker, from the handshake to the end, for use by one thread.
///
/// This is the only owner of librabbitmq's connection state. Everything that fails here means that the connection is
/// gone, except a refused request, which costs the channel it was made on.
@safe
final class BrokerSession {
    let state: amqp_connection_state_t
    let pool = FieldPool()
    private(set) var descriptor: Int32 = -1

    /// Connects and logs in; blocks for at most twice the connect time-out.
    init(connecting configuration: AMQPConfiguration, to address: BrokerAddress) throws(AMQPError) {
        guard let state = unsafe amqp_new_connection() else { throw AMQPError(.connectFailed, operation: "memory") }
        unsafe self.state = state
        var timeout = timeval(configuration.connectTimeout)
        unsafe amqp_set_handshake_timeout(state, &timeout)
        try self.openSocket(configuration, address)
        unsafe self.descriptor = amqp_get_sockfd(state)
        self.limitUnacknowledgedTime(configuration.heartbeat)
        try self.logIn(configuration)
        var requestTimeout = timeval(configuration.requestTimeout)
        unsafe amqp_set_rpc_timeout(state, &requestTimeout)
    }

    deinit {
        // Also closes the socket and frees every pool.
        unsafe amqp_destroy_connection(self.state)
    }

    private func openSocket(_ configuration: AMQPConfiguration, _ address: BrokerAddress) throws(AMQPError) {
        var timeout = timeval(configuration.connectTimeout)
        let socket = unsafe try configuration.tls.map(self.tlsSocket) ?? amqp_tcp_socket_new(self.state)
        guard let socket = unsafe socket else { throw AMQPError(.connectFailed, operation: "socket") }
        let port = Int32(address.port)
        let status = unsafe AMQPStatus(
            rawValue: amqp_socket_open_noblock(socket, address.host, port, &timeout))
        if status != .ok {
            throw AMQPError(status.isTLS ? .tlsFailed : .connectFailed, operation: "connect", status: status)
        }
    }

    /// The server's certificate and name are always verified; TLS 1.2 is the floor.
    private func tlsSocket(_ files: AMQPTLSFiles) throws(AMQPError) -> OpaquePointer? {
        func check(_ status: Int32, _ operation: String) throws(AMQPError) {
            if status != AMQPStatus.ok.rawValue {
                throw AMQPError(.tlsFailed, operation: operation, status: AMQPStatus(rawValue: status))
            }
        }
        guard let socket = unsafe amqp_ssl_socket_new(self.state) else {
            throw AMQPError(.tlsFailed, operation: "TLS context")
        }
        unsafe amqp_ssl_socket_set_verify_peer(socket, 1)
        unsafe amqp_ssl_socket_set_verify_hostname(socket, 1)
        try check(unsafe amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST), "TLS versions")
        try check(
            unsafe amqp_ssl_socket_set_cacert(socket, files.certificateAuthorities), "TLS certificate authorities")
        if let certificate = files.certificate, let key = files.privateKey {
            try check(unsafe amqp_ssl_socket_set_key(socket, certificate, key), "TLS client certificate")
        }
        return unsafe socket
    }

    /// TCP_USER_TIMEOUT ends a connection whose peer takes no data for two heartbeats, also while librabbitmq blocks in
    /// a write, where it has no time limit of its own.
    private func limitUnacknowledgedTime(_ heartbeat: Duration) {
        var milliseconds = UInt32(clamping: heartbeat.wholeMilliseconds * 2)
        // A failure leaves the heartbeats as the only detection, which is what every other client has.
        _ = unsafe setsockopt(
            self.descriptor, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &milliseconds,
            socklen_t(MemoryLayout<UInt32>.size))
    }

    private func logIn(_ configuration: AMQPConfiguration) throws(AMQPError) {
        let heartbeat = Int32(clamping: configuration.heartbeat.components.seconds)
        let frameMaximum = Int32(clamping: configuration.frameMaximum)
        let reply =
            switch configuration.credentials {
            case .password(let user, let password):
                unsafe CRabbitMQ_login(
                    self.state, configuration.virtualHost, frameMaximum, heartbeat, configuration.connectionName,
                    user, password)
            case .external:
                unsafe CRabbitMQ_login(
                    self.state, configuration.virtualHost, frameMaximum, heartbeat, configuration.connectionName,
                    nil, nil)
            }
        do throws(AMQPError) {
            unsafe try self.check(reply, operation: "login", channel: 0)
        } catch {
            // 403 ACCESS_REFUSED, 530 NOT_ALLOWED (virtual host). A certificate that the broker does not want shows
            // only here under TLS 1.3, as a TLS failure of the first read.
            let isRefused =
                error.replyCode == 403 || error.replyCode == 530
                || error.status?.rawValue == AMQP_STATUS_BROKER_UNSUPPORTED_SASL_METHOD.rawValue
            var error = error
            error.code = isRefused ? .authenticationRefused : error.status?.isTLS == true ? .tlsFailed : .connectFailed
            throw error
        }
    }

    /// Turns librabbitmq's answer to a synchronous request into a throw; closes the channel when the broker did.
    func check(_ reply: amqp_rpc_reply_t, operation: String, channel: UInt16) throws(AMQPError) {
        switch unsafe reply.reply_type {
        case AMQP_RESPONSE_NORMAL:
            return
        case AMQP_RESPONSE_SERVER_EXCEPTION:
            let frame = unsafe FrameDecoder.method(reply.reply)
            if case .channelClosed(let code, let text) = frame {
                try self.confirmClosed(channel: channel)
                throw .refusal(.requestRefused, operation: operation, replyCode: code, text: text)
            }
            if case .connectionClosed(let code, let text) = frame {
                self.confirmClosedConnection()
                throw .refusal(.connectionLost, operation: operation, replyCode: code, text: text)
            }
            throw AMQPError(.connectionLost, operation: operation)
        default:
            throw unsafe AMQPError(
                .connectionLost, operation: operation, status: AMQPStatus(rawValue: reply.library_error))
        }
    }

    /// The same for what only writes.
    func check(_ status: Int32, operation: String) throws(AMQPError) {
        if status != AMQPStatus.ok.rawValue {
            throw AMQPError(.connectionLost, operation: operation, status: AMQPStatus(rawValue: status))
        }
    }

    /// The next whole frame, or `nil` when the broker has sent no more.
    ///
    /// Also sends our heartbeats and notices when the broker's stay away, so it must be called at least once per
    /// heartbeat.
    func nextFrame() throws(AMQPError) -> (channel: UInt16, frame: InboundFrame)? {
        var frame = unsafe amqp_frame_t()
        var immediately = timeval()
        let status = unsafe AMQPStatus(rawValue: amqp_simple_wait_frame_noblock(self.state, &frame, &immediately))
        if status == .timeout { return nil }
        if status != .ok { throw AMQPError(.connectionLost, operation: "read", status: status) }
        guard let decoded = unsafe FrameDecoder.decode(frame) else {
            throw AMQPError(.connectionLost, operation: "unknown frame")
        }
        unsafe amqp_maybe_release_buffers_on_channel(self.state, frame.channel)
        return unsafe (frame.channel, decoded)
    }

    /// True when frames wait inside librabbitmq, where poll(2) on the socket does not see them.
    var hasBufferedFrames: Bool {
        unsafe amqp_frames_enqueued(self.state) != 0 || amqp_data_in_buffer(self.state) != 0
    }

    /// True when a write will not have to wait for the peer.
    var isWritable: Bool {
        var poll = pollfd(fd: self.descriptor, events: Int16(POLLOUT), revents: 0)
        return unsafe CRabbitMQ.poll(&poll, 1, 0) == 1
    }

    /// For the way out, where nothing is worth a long wait.
    func limitRequests(to time: Duration) {
        var timeout = timeval(max(.milliseconds(1), time))
        unsafe amqp_set_rpc_timeout(self.state, &timeout)
    }

    /// The heartbeat that both sides agreed on, in seconds; 0 when the broker wants none.
    var heartbeatSeconds: Int { Int(unsafe amqp_get_heartbeat(self.state)) }

    var frameMaximum: Int { Int(unsafe amqp_get_frame_max(self.state)) }
}

extension timeval {
    /// Rounded to microseconds.
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self.init(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
    }
}
