internal import CRabbitMQ

/// The AMQP methods that are used here, one function each. Requests that have an answer wait for it; frames that
/// arrive meanwhile are kept in order by librabbitmq.
extension BrokerSession {
    // MARK: Channels

    func openChannel(_ channel: UInt16) throws(AMQPError) {
        unsafe amqp_channel_open(self.state, channel)
        try self.checkLast("channel.open", channel)
    }

    func closeChannel(_ channel: UInt16) throws(AMQPError) {
        unsafe try self.check(
            amqp_channel_close(self.state, channel, AMQP_REPLY_SUCCESS), operation: "channel.close",
            channel: channel)
        unsafe amqp_maybe_release_buffers_on_channel(self.state, channel)
    }

    /// Answers the broker's channel.close; the number can be used again afterwards.
    func confirmClosed(channel: UInt16) throws(AMQPError) {
        var method = amqp_channel_close_ok_t()
        try self.check(
            unsafe amqp_send_method(self.state, channel, AMQP_CHANNEL_CLOSE_OK_METHOD, &method),
            operation: "channel.close-ok")
    }

    /// Answers the broker's connection.close; the socket is closed next, so a failure changes nothing.
    func confirmClosedConnection() {
        var method = amqp_connection_close_ok_t()
        _ = unsafe amqp_send_method(self.state, 0, AMQP_CONNECTION_CLOSE_OK_METHOD, &method)
    }

    /// The orderly end.
    ///
    /// A failure changes nothing: the socket is closed next.
    func closeConnection() {
        _ = unsafe amqp_connection_close(self.state, AMQP_REPLY_SUCCESS)
    }

    // MARK: Publishing

    func selectConfirms(channel: UInt16) throws(AMQPError) {
        unsafe amqp_confirm_select(self.state, channel)
        try self.checkLast("confirm.select", channel)
    }

    /// Method, header and body frames.
    ///
    /// The caller has checked that they can be encoded: an error after the first frame would leave the stream broken,
    /// so every error ends the connection.
    func publish(_ publication: borrowing AMQPPublication, publishNumber: UInt64, channel: UInt16) throws(AMQPError) {
        defer { self.pool.recycle() }
        var properties = unsafe self.pool.properties(
            of: publication.message, publishNumber: publication.isMandatory ? publishNumber : nil)
        let exchange = unsafe self.pool.bytes(publication.exchange)
        let routingKey = unsafe self.pool.bytes(publication.routingKey)
        let mandatory: amqp_boolean_t = publication.isMandatory ? 1 : 0
        let status = unsafe publication.message.body.withUnsafeBytes { body in
            // librabbitmq only reads the body; its type has no const.
            let bytes = unsafe amqp_bytes_t(len: body.count, bytes: UnsafeMutableRawPointer(mutating: body.baseAddress))
            return unsafe amqp_basic_publish(
                self.state, channel, exchange, routingKey, mandatory, 0, &properties, bytes)
        }
        try self.check(status, operation: "basic.publish")
    }

    // MARK: Consuming

    func setPrefetch(_ count: UInt16, channel: UInt16) throws(AMQPError) {
        unsafe amqp_basic_qos(self.state, channel, 0, count, 0)
        try self.checkLast("basic.qos", channel)
    }

    func consume(queue: String, tag: String, arguments: AMQPHeaders, channel: UInt16) throws(AMQPError) {
        defer { self.pool.recycle() }
        unsafe amqp_basic_consume(
            self.state, channel, self.pool.bytes(queue), self.pool.bytes(tag), 0, 0, 0, self.pool.table(arguments))
        try self.checkLast("basic.consume", channel)
    }

    func cancel(tag: String, channel: UInt16) throws(AMQPError) {
        defer { self.pool.recycle() }
        unsafe amqp_basic_cancel(self.state, channel, self.pool.bytes(tag))
        try self.checkLast("basic.cancel", channel)
    }

    func acknowledge(_ tag: UInt64, multiple: Bool, channel: UInt16) throws(AMQPError) {
        try self.check(
            unsafe amqp_basic_ack(self.state, channel, tag, multiple ? 1 : 0), operation: "basic.ack")
    }

    func reject(_ tag: UInt64, requeue: Bool, channel: UInt16) throws(AMQPError) {
        try self.check(
            unsafe amqp_basic_reject(self.state, channel, tag, requeue ? 1 : 0), operation: "basic.reject")
    }

    // MARK: Queues and exchanges

    func declare(_ exchange: ExchangeDeclaration, channel: UInt16) throws(AMQPError) {
        defer { self.pool.recycle() }
        unsafe amqp_exchange_declare(
            self.state, channel, self.pool.bytes(exchange.name), self.pool.bytes(exchange.kind.rawValue), 0,
            exchange.isDurable ? 1 : 0, exchange.deletesWhenUnused ? 1 : 0, 0, amqp_table_t())
        try self.checkLast("exchange.declare", channel)
    }

    func declare(_ queue: QueueDeclaration, channel: UInt16) throws(AMQPError) {
        defer { self.pool.recycle() }
        unsafe amqp_queue_declare(
            self.state, channel, self.pool.bytes(queue.name), 0, queue.isDurable ? 1 : 0, queue.isExclusive ? 1 : 0,
            queue.deletesWhenUnused ? 1 : 0, self.pool.table(queue.arguments))
        try self.checkLast("queue.declare", channel)
    }

    func declare(_ binding: BindingDeclaration, channel: UInt16) throws(AMQPError) {
        defer { self.pool.recycle() }
        unsafe amqp_queue_bind(
            self.state, channel, self.pool.bytes(binding.queue), self.pool.bytes(binding.exchange),
            self.pool.bytes(binding.routingKey), amqp_table_t())
        try self.checkLast("queue.bind", channel)
    }

    /// Messages ready and consumers of an existing queue.
    func inspect(queue: String, channel: UInt16) throws(AMQPError) -> AMQPQueueReport {
        defer { self.pool.recycle() }
        let answer = unsafe amqp_queue_declare(
            self.state, channel, self.pool.bytes(queue), 1, 0, 0, 0, amqp_table_t())
        try self.checkLast("queue.declare passive", channel)
        guard let answer = unsafe answer else { throw AMQPError(.connectionLost, operation: "queue.declare passive") }
        return unsafe AMQPQueueReport(
            readyMessages: Int(answer.pointee.message_count), consumers: Int(answer.pointee.consumer_count))
    }

    func purge(queue: String, channel: UInt16) throws(AMQPError) {
        defer { self.pool.recycle() }
        unsafe amqp_queue_purge(self.state, channel, self.pool.bytes(queue))
        try self.checkLast("queue.purge", channel)
    }

    func delete(queue: String, channel: UInt16) throws(AMQPError) {
        defer { self.pool.recycle() }
        unsafe amqp_queue_delete(self.state, channel, self.pool.bytes(queue), 0, 0)
        try self.checkLast("queue.delete", channel)
    }

    private func checkLast(_ operation: String, _ channel: UInt16) throws(AMQPError) {
        unsafe try self.check(amqp_get_rpc_reply(self.state), operation: operation, channel: channel)
    }
}
