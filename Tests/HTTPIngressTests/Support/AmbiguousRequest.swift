import Testing

/// A request whose end two readers could see in different places, or which is no request; with the text of a second one
/// behind it that must never be seen as such.
struct AmbiguousRequest: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String

    static let all: [AmbiguousRequest] = {
        let next = "POST /shs/rs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8\r\n\r\nsmuggled"
        func post(_ fields: String..., body: String) -> String {
            "POST /shs/rs HTTP/1.1\r\nHost: localhost\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n" + body + next
        }
        let chunked = "0\r\n\r\n"
        let requests = [
            ("both lengths", post("Content-Length: 5", "Transfer-Encoding: chunked", body: chunked)),
            ("both lengths, other order", post("Transfer-Encoding: chunked", "Content-Length: 5", body: chunked)),
            ("two lengths", post("Content-Length: 3", "Content-Length: 4", body: "Hej")),
            ("the same length twice", post("Content-Length: 3", "Content-Length: 3", body: "Hej")),
            ("a list of lengths", post("Content-Length: 3, 3", body: "Hej")),
            ("a signed length", post("Content-Length: +3", body: "Hej")),
            ("a negative length", post("Content-Length: -3", body: "Hej")),
            ("a length with a space", post("Content-Length: 3 3", body: "Hej")),
            ("an empty length", post("Content-Length: ", body: "Hej")),
            ("a hexadecimal length", post("Content-Length: 0x3", body: "Hej")),
            ("a length that overflows", post("Content-Length: 18446744073709551619", body: "Hej")),
            ("a space before the colon", post("Content-Length : 3", body: "Hej")),
            ("a folded field", post("X-Folded: a", " b", "Content-Length: 3", body: "Hej")),
            ("a bare carriage return", post("X-Bare: a\rContent-Length: 3", body: "Hej")),
            ("a line that ends without a carriage return", post("X-Bare: a\nContent-Length: 3", body: "Hej")),
            ("a header that ends without carriage returns", "POST /shs/rs HTTP/1.1\nHost: localhost\n\n" + next),
            ("a chunk that ends without a carriage return", post("Transfer-Encoding: chunked", body: "3\nHej\n0\n\n")),
            ("a zero byte in a field", post("X-Zero: a\u{0}b", "Content-Length: 3", body: "Hej")),
            ("an unknown coding", post("Transfer-Encoding: xchunked", body: chunked)),
            ("chunked, but not last", post("Transfer-Encoding: chunked, identity", body: chunked)),
            ("two codings", post("Transfer-Encoding: gzip, chunked", body: chunked)),
            ("chunked twice", post("Transfer-Encoding: chunked", "Transfer-Encoding: chunked", body: chunked)),
            ("a coding after a tab", post("Transfer-Encoding:\u{b}chunked", body: chunked)),
            ("a chunk size that is no number", post("Transfer-Encoding: chunked", body: "g\r\nHej\r\n" + chunked)),
            ("a chunk size with a sign", post("Transfer-Encoding: chunked", body: "+3\r\nHej\r\n" + chunked)),
            ("a chunk size that overflows", post("Transfer-Encoding: chunked", body: "10000000000000003\r\nHej\r\n")),
            ("a chunk longer than its size", post("Transfer-Encoding: chunked", body: "2\r\nHej\r\n" + chunked)),
            ("two hosts", post("Host: elsewhere", "Content-Length: 3", body: "Hej")),
            ("two types", post("Content-Type: a/b", "Content-Type: c/d", "Content-Length: 3", body: "Hej")),
            ("no host", "POST /shs/rs HTTP/1.1\r\nContent-Length: 3\r\n\r\nHej" + next),
            ("chunked in HTTP/1.0", "POST /shs/rs HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked + next),
            ("HTTP/0.9", "POST /shs/rs\r\n\r\n" + next),
            ("HTTP/1.2", "POST /shs/rs HTTP/1.2\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nHej" + next),
            ("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + next),
            ("an unknown method", "PSOT /shs/rs HTTP/1.1\r\nHost: localhost\r\n\r\n" + next),
        ]
        return requests.map { AmbiguousRequest(testDescription: $0, text: $1) }
    }()
}
