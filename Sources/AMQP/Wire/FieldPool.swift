internal import CRabbitMQ

/// Memory for the names and tables of one outgoing method, given back as a whole after it was sent.
///
/// It is librabbitmq's own pool: allocations do not move, so an `amqp_bytes_t` made here stays valid until `recycle`.
@safe
final class FieldPool {
    private let pool: UnsafeMutablePointer<amqp_pool_t>

    init() {
        unsafe self.pool = .allocate(capacity: 1)
        unsafe self.pool.initialize(to: amqp_pool_t())
        unsafe init_amqp_pool(self.pool, 16 * 1_024)
    }

    deinit {
        unsafe empty_amqp_pool(self.pool)
        unsafe self.pool.deallocate()
    }

    func recycle() { unsafe recycle_amqp_pool(self.pool) }

    func bytes(_ text: String) -> amqp_bytes_t {
        var text = text
        return text.withUTF8 { source in
            guard let base = source.baseAddress, let copy = unsafe amqp_pool_alloc(self.pool, source.count) else {
                return unsafe amqp_bytes_t()
            }
            unsafe copy.copyMemory(from: base, byteCount: source.count)
            return unsafe amqp_bytes_t(len: source.count, bytes: copy)
        }
    }

    func table(_ headers: AMQPHeaders) -> amqp_table_t {
        let entries = headers.entries
        let size = unsafe MemoryLayout<amqp_table_entry_t>.stride * entries.count
        guard !entries.isEmpty, let memory = unsafe amqp_pool_alloc(self.pool, size) else {
            return unsafe amqp_table_t()
        }
        let target = unsafe memory.bindMemory(to: amqp_table_entry_t.self, capacity: entries.count)
        for (index, entry) in entries.enumerated() {
            var field = unsafe amqp_table_entry_t()
            unsafe field.key = self.bytes(entry.name)
            switch entry.value {
            case .string(let text):
                unsafe field.value.kind = UInt8(AMQP_FIELD_KIND_UTF8.rawValue)
                unsafe field.value.value.bytes = self.bytes(text)
            case .integer(let number):
                unsafe field.value.kind = UInt8(AMQP_FIELD_KIND_I64.rawValue)
                unsafe field.value.value.i64 = number
            case .boolean(let flag):
                unsafe field.value.kind = UInt8(AMQP_FIELD_KIND_BOOLEAN.rawValue)
                unsafe field.value.value.boolean = flag ? 1 : 0
            }
            unsafe (target + index).initialize(to: field)
        }
        return unsafe amqp_table_t(num_entries: Int32(entries.count), entries: target)
    }

    /// The properties of class `basic`.
    ///
    /// The publish number travels in `app-id`, since a returned message says which one it is by nothing but its own
    /// properties (AMQP 0-9-1 §1.8.3.8 basic.return has no tag).
    func properties(of message: borrowing AMQPMessage, publishNumber: UInt64?) -> amqp_basic_properties_t {
        var properties = unsafe amqp_basic_properties_t()
        var flags = AMQP_BASIC_DELIVERY_MODE_FLAG
        unsafe properties.delivery_mode = message.isPersistent ? 2 : 1
        if !message.headers.entries.isEmpty {
            flags |= AMQP_BASIC_HEADERS_FLAG
            unsafe properties.headers = self.table(message.headers)
        }
        if let contentType = message.contentType {
            flags |= AMQP_BASIC_CONTENT_TYPE_FLAG
            unsafe properties.content_type = self.bytes(contentType)
        }
        if let correlationID = message.correlationID {
            flags |= AMQP_BASIC_CORRELATION_ID_FLAG
            unsafe properties.correlation_id = self.bytes(correlationID)
        }
        if let messageID = message.messageID {
            flags |= AMQP_BASIC_MESSAGE_ID_FLAG
            unsafe properties.message_id = self.bytes(messageID)
        }
        if let type = message.type {
            flags |= AMQP_BASIC_TYPE_FLAG
            unsafe properties.type = self.bytes(type)
        }
        if let expiration = message.expiration {
            flags |= AMQP_BASIC_EXPIRATION_FLAG
            // Negative is refused by the broker; time that has run out is 0, which expires at once.
            unsafe properties.expiration = self.bytes(String(max(0, expiration)))
        }
        if let publishNumber {
            flags |= AMQP_BASIC_APP_ID_FLAG
            unsafe properties.app_id = self.bytes(String(publishNumber))
        }
        if let priority = message.priority {
            flags |= AMQP_BASIC_PRIORITY_FLAG
            unsafe properties.priority = priority
        }
        if let timestamp = message.timestamp {
            flags |= AMQP_BASIC_TIMESTAMP_FLAG
            unsafe properties.timestamp = timestamp
        }
        unsafe properties._flags = UInt32(bitPattern: flags)
        return unsafe properties
    }
}
