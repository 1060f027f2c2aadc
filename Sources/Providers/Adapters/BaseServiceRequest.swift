/// One HTTP request to a base service; holds personal data and is never printed.
package struct BaseServiceRequest: Sendable, CustomStringConvertible, CustomReflectable {
    /// Added to the address of the base service, percent-encoded.
    package let path: String?
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    package var description: String { "<redacted BaseServiceRequest>" }
    package var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}

/// One complete HTTP response of a base service; holds personal data and is never printed.
package struct BaseServiceResponse: Sendable, CustomStringConvertible, CustomReflectable {
    package let status: Int
    package let contentType: String?
    package let body: [UInt8]

    package init(status: Int, contentType: String?, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    /// Whether it is a web page, whatever its status says.
    var isPage: Bool {
        let type = self.contentType?.lowercased() ?? ""
        return type.hasPrefix("text/html") || type.hasPrefix("application/xhtml+xml")
    }

    package var description: String { "<redacted BaseServiceResponse>" }
    package var customMirror: Mirror { Mirror(self, children: [(label: String?, value: Any)]()) }
}
