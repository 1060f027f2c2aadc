internal import CRabbitMQ

/// A status of librabbitmq (`amqp_status_enum`), printable also when it is one that we do not know.
package struct AMQPStatus: RawRepresentable, Sendable, Hashable {
    package let rawValue: Int32

    package init(rawValue: Int32) { self.rawValue = rawValue }

    static let ok = AMQPStatus(rawValue: AMQP_STATUS_OK.rawValue)
    static let timeout = AMQPStatus(rawValue: AMQP_STATUS_TIMEOUT.rawValue)

    /// Statuses of the TLS layer are -0x0200 to -0x02FF.
    var isTLS: Bool { (-0x02FF ... -0x0200).contains(self.rawValue) }
}

extension AMQPStatus: CustomStringConvertible {
    package var description: String {
        // A static C string for every value, "(unknown error)" included.
        unsafe String(cString: amqp_error_string2(self.rawValue))
    }
}
