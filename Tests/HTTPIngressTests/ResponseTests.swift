import Foundation
import NIOCore
import NIOHTTP1
import SHS
import Testing

@testable import HTTPIngress

/// What goes back, without a connection.
struct ResponseTests {
    @Test(arguments: Fault.allCases)
    func `a refusal is the fault's status, code and sentence, and nothing else`(fault: Fault) {
        let refusal = HTTPRefusal(fault, retryAfter: .seconds(5))
        let parts = ResponseParts(refusal: refusal, allocator: ByteBufferAllocator())
        #expect(Int(parts.status.code) == fault.httpStatus)
        #expect(parts.headers["x-shs-errorcode"] == [fault.code.rawValue])
        #expect(parts.headers["retry-after"] == (fault.isRetriable ? ["5"] : []))
        #expect(parts.headers["content-type"] == ["text/plain; charset=us-ascii"])
        #expect(parts.headers["cache-control"] == ["no-store"])
        #expect(parts.headers["server"].isEmpty)
        #expect(String(buffer: parts.body) == fault.sentence + "\n")
        #expect(parts.headers["content-length"] == ["\(fault.sentence.utf8.count + 1)"])
    }

    @Test func `every reason for a refusal has a metric of its own`() {
        #expect(Set(HTTPRefusal.allReasons).count == HTTPRefusal.allReasons.count)
        #expect(HTTPRefusal.allReasons.count == Fault.allCases.count + 5)
    }

    @Test(arguments: [(Duration.zero, 1), (.milliseconds(1), 1), (.seconds(3), 3), (.milliseconds(3_001), 4)])
    func `the time to retry is in whole seconds, rounded up`(time: Duration, seconds: Int) {
        #expect(HTTPRefusal(.tooManyRequests, retryAfter: time).retryAfter == Int64(seconds))
    }

    @Test func `dates are those of Foundation for every day of eight hundred years`() {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        #expect(HTTPDate(secondsSince1970: 784_111_777).text == "Sun, 06 Nov 1994 08:49:37 GMT")
        for day in stride(from: 0, to: 292_194, by: 13) {
            let seconds = day * 86_400 + day % 86_400
            let expected = formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
            #expect(HTTPDate(secondsSince1970: seconds).text == expected)
        }
    }
}
