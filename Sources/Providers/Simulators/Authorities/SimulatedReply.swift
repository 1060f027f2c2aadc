/// The HTTP answer of a simulated base service.
package struct SimulatedReply: Sendable, Equatable {
    package var status: Int
    package var contentType: String
    package var body: [UInt8]

    package init(status: Int = 200, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    static func xml(_ body: [UInt8], status: Int = 200) -> SimulatedReply {
        SimulatedReply(status: status, contentType: "text/xml; charset=utf-8", body: body)
    }

    static func json(_ body: [UInt8], status: Int = 200) -> SimulatedReply {
        SimulatedReply(status: status, contentType: "application/json", body: body)
    }

    static func text(_ text: String, status: Int) -> SimulatedReply {
        SimulatedReply(status: status, contentType: "text/plain; charset=utf-8", body: Array(text.utf8))
    }

    /// The same answer with at least `size` bytes: a comment or white space before its last closing mark, so that
    /// what it says and whether it follows its contract stay the same.
    package func filled(to size: Int) -> SimulatedReply {
        guard self.body.count < size else { return self }
        let isJSON = self.contentType.hasPrefix("application/json")
        guard let end = self.body.lastIndex(of: isJSON ? UInt8(ascii: "}") : UInt8(ascii: "<")) else { return self }
        let missing = size - self.body.count
        var filled = self
        filled.body = []
        filled.body.reserveCapacity(size + 16)
        filled.body.append(contentsOf: self.body[..<end])
        if isJSON {
            filled.body.append(contentsOf: [UInt8](repeating: UInt8(ascii: " "), count: missing))
        } else {
            filled.body.append(contentsOf: "<!--".utf8)
            filled.body.append(contentsOf: [UInt8](repeating: UInt8(ascii: "."), count: max(0, missing - 7)))
            filled.body.append(contentsOf: "-->".utf8)
        }
        filled.body.append(contentsOf: self.body[end...])
        return filled
    }
}
