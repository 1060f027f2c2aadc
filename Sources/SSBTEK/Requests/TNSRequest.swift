internal import XML

/// Transportstyrelsen's `HamtaUppgifter`, which names a person by century and ten digits and has no period.
enum TNSRequest {
    static func document(for question: Question) -> [UInt8] {
        var writer = XMLWriter()
        writer.start(
            "t:HamtaUppgifter",
            ["xmlns:t": Namespace.transportstyrelsen, "xmlns:p": Namespace.transportstyrelsenPerson])
        writer.start("t:identifikation")
        writer.element("p:sekel", text: question.person.century)
        writer.element("p:personnummer", text: question.person.tenDigits)
        writer.end()
        writer.end()
        return writer.bytes
    }
}
