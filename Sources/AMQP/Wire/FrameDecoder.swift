internal import CRabbitMQ

/// Copies a frame out of librabbitmq's pool into Swift values.
///
/// The frame's memory is reused right after.
enum FrameDecoder {
    /// `nil` for a frame type that AMQP 0-9-1 does not have.
    static func decode(_ frame: amqp_frame_t) -> InboundFrame? {
        switch Int32(unsafe frame.frame_type) {
        case AMQP_FRAME_METHOD:
            return unsafe self.method(frame.payload.method)
        case AMQP_FRAME_HEADER:
            let header = unsafe frame.payload.properties
            guard let decoded = unsafe header.decoded else { return nil }
            let properties = unsafe decoded.assumingMemoryBound(to: amqp_basic_properties_t.self)
            let number =
                unsafe properties.pointee._flags & UInt32(AMQP_BASIC_APP_ID_FLAG) != 0
                ? UInt64(self.string(properties.pointee.app_id)) : nil
            return unsafe .header(self.message(properties.pointee), bodySize: header.body_size, publishNumber: number)
        case AMQP_FRAME_BODY:
            let fragment = unsafe frame.payload.body_fragment
            return unsafe .body([UInt8](UnsafeRawBufferPointer(start: fragment.bytes, count: fragment.len)))
        default:
            return nil
        }
    }

    static func method(_ method: amqp_method_t) -> InboundFrame {
        guard let decoded = unsafe method.decoded else { return .other(method: unsafe method.id) }
        switch unsafe method.id {
        case AMQP_BASIC_DELIVER_METHOD:
            let deliver = unsafe decoded.assumingMemoryBound(to: amqp_basic_deliver_t.self)
            return unsafe .deliver(
                DeliverMethod(
                    tag: deliver.pointee.delivery_tag, isRedelivered: deliver.pointee.redelivered != 0,
                    exchange: self.string(deliver.pointee.exchange),
                    routingKey: self.string(deliver.pointee.routing_key)))
        case AMQP_BASIC_ACK_METHOD:
            let ack = unsafe decoded.assumingMemoryBound(to: amqp_basic_ack_t.self)
            return unsafe .acknowledged(tag: ack.pointee.delivery_tag, multiple: ack.pointee.multiple != 0)
        case AMQP_BASIC_NACK_METHOD:
            let nack = unsafe decoded.assumingMemoryBound(to: amqp_basic_nack_t.self)
            return unsafe .rejected(tag: nack.pointee.delivery_tag, multiple: nack.pointee.multiple != 0)
        case AMQP_BASIC_RETURN_METHOD:
            let returned = unsafe decoded.assumingMemoryBound(to: amqp_basic_return_t.self)
            return unsafe .returned(replyCode: Int(returned.pointee.reply_code))
        case AMQP_BASIC_CANCEL_METHOD:
            return .consumerCancelled
        case AMQP_CHANNEL_CLOSE_METHOD:
            let close = unsafe decoded.assumingMemoryBound(to: amqp_channel_close_t.self)
            return unsafe .channelClosed(
                replyCode: Int(close.pointee.reply_code), text: self.string(close.pointee.reply_text))
        case AMQP_CONNECTION_CLOSE_METHOD:
            let close = unsafe decoded.assumingMemoryBound(to: amqp_connection_close_t.self)
            return unsafe .connectionClosed(
                replyCode: Int(close.pointee.reply_code), text: self.string(close.pointee.reply_text))
        case AMQP_CONNECTION_BLOCKED_METHOD:
            return .blocked
        case AMQP_CONNECTION_UNBLOCKED_METHOD:
            return .unblocked
        case let other:
            return .other(method: other)
        }
    }

    static func string(_ bytes: amqp_bytes_t) -> String {
        unsafe String(decoding: UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len), as: UTF8.self)
    }

    private static func message(_ properties: amqp_basic_properties_t) -> AMQPMessage {
        let flags = unsafe Int32(bitPattern: properties._flags)
        func has(_ flag: Int32) -> Bool { flags & flag != 0 }
        var message = AMQPMessage(body: [])
        message.isPersistent = unsafe has(AMQP_BASIC_DELIVERY_MODE_FLAG) && properties.delivery_mode == 2
        if has(AMQP_BASIC_HEADERS_FLAG) { message.headers = unsafe self.headers(properties.headers) }
        if has(AMQP_BASIC_CONTENT_TYPE_FLAG) { message.contentType = unsafe self.string(properties.content_type) }
        if has(AMQP_BASIC_CORRELATION_ID_FLAG) { message.correlationID = unsafe self.string(properties.correlation_id) }
        if has(AMQP_BASIC_MESSAGE_ID_FLAG) { message.messageID = unsafe self.string(properties.message_id) }
        if has(AMQP_BASIC_TYPE_FLAG) { message.type = unsafe self.string(properties.type) }
        if has(AMQP_BASIC_EXPIRATION_FLAG) { message.expiration = unsafe Int64(self.string(properties.expiration)) }
        if has(AMQP_BASIC_PRIORITY_FLAG) { message.priority = unsafe properties.priority }
        if has(AMQP_BASIC_TIMESTAMP_FLAG) { message.timestamp = unsafe properties.timestamp }
        return message
    }

    private static func headers(_ table: amqp_table_t) -> AMQPHeaders {
        var headers = AMQPHeaders()
        for index in 0..<Int(unsafe table.num_entries) {
            let entry = unsafe table.entries[index]
            if let value = unsafe self.value(entry.value) {
                unsafe headers.append(name: self.string(entry.key), value: value)
            }
        }
        return headers
    }

    private static func value(_ field: amqp_field_value_t) -> AMQPValue? {
        let value = unsafe field.value
        switch UInt32(unsafe field.kind) {
        case AMQP_FIELD_KIND_UTF8.rawValue: return unsafe .string(self.string(value.bytes))
        case AMQP_FIELD_KIND_BOOLEAN.rawValue: return unsafe .boolean(value.boolean != 0)
        case AMQP_FIELD_KIND_I8.rawValue: return unsafe .integer(Int64(value.i8))
        case AMQP_FIELD_KIND_U8.rawValue: return unsafe .integer(Int64(value.u8))
        case AMQP_FIELD_KIND_I16.rawValue: return unsafe .integer(Int64(value.i16))
        case AMQP_FIELD_KIND_U16.rawValue: return unsafe .integer(Int64(value.u16))
        case AMQP_FIELD_KIND_I32.rawValue: return unsafe .integer(Int64(value.i32))
        case AMQP_FIELD_KIND_U32.rawValue: return unsafe .integer(Int64(value.u32))
        case AMQP_FIELD_KIND_I64.rawValue: return unsafe .integer(value.i64)
        case AMQP_FIELD_KIND_U64.rawValue, AMQP_FIELD_KIND_TIMESTAMP.rawValue:
            return unsafe .integer(Int64(truncatingIfNeeded: value.u64))
        default: return nil
        }
    }
}
