import Testing

@testable import AMQP

@Suite struct ContentAssemblerTests {
    private static let method = ContentAssembler.Method.returned(replyCode: 312)

    @Test func `every cut of a body gives the same message`() {
        let body: [UInt8] = Array(1...9)
        // Bit n set: cut after byte n.
        for cuts in 0..<(1 << (body.count - 1)) {
            var assembler = ContentAssembler()
            #expect(result(assembler.method(Self.method)))
            var step = assembler.header(AMQPMessage(body: []), bodySize: UInt64(body.count), publishNumber: 7)
            var fragment: [UInt8] = []
            for (index, byte) in body.enumerated() {
                #expect(step == .incomplete)
                fragment.append(byte)
                if cuts & (1 << index) != 0 || index == body.count - 1 {
                    step = assembler.body(fragment)
                    fragment = []
                }
            }
            #expect(
                step == .complete(.init(method: Self.method, message: AMQPMessage(body: body), publishNumber: 7)))
        }
    }

    @Test func `an empty body is complete with its header`() {
        var assembler = ContentAssembler()
        #expect(result(assembler.method(Self.method)))
        #expect(
            result(assembler.header(AMQPMessage(body: []), bodySize: 0, publishNumber: nil))
                == .complete(.init(method: Self.method, message: AMQPMessage(body: []), publishNumber: nil)))
        #expect(result(assembler.method(Self.method)))
    }

    @Test func `frames out of order are a protocol error`() {
        var assembler = ContentAssembler()
        #expect(result(assembler.body([1])) == .protocolError)
        #expect(result(assembler.header(AMQPMessage(body: []), bodySize: 1, publishNumber: nil)) == .protocolError)
        #expect(result(assembler.method(Self.method)))
        #expect(!result(assembler.method(Self.method)))
        #expect(result(assembler.header(AMQPMessage(body: []), bodySize: 1, publishNumber: nil)) == .incomplete)
        #expect(result(assembler.body([1, 2])) == .protocolError)
    }

    @Test func `a size that is only claimed takes no memory`() {
        var assembler = ContentAssembler()
        #expect(result(assembler.method(Self.method)))
        #expect(result(assembler.header(AMQPMessage(body: []), bodySize: .max, publishNumber: nil)) == .incomplete)
        #expect(result(assembler.body([1])) == .incomplete)
    }
}
