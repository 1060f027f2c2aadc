/// The headers of a message: an ordered list of names and values.
///
/// A name that is set again replaces the first.
package struct AMQPHeaders: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package var name: String
        package var value: AMQPValue
    }

    package private(set) var entries: [Entry]

    package init() { self.entries = [] }

    /// `nil` when there is no such header; setting `nil` removes it.
    package subscript(name: String) -> AMQPValue? {
        get { self.entries.first { $0.name == name }?.value }
        set {
            let index = self.entries.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): self.entries[index].value = value
            case (let index?, nil): self.entries.remove(at: index)
            case (nil, let value?): self.entries.append(Entry(name: name, value: value))
            case (nil, nil): break
            }
        }
    }

    package func string(_ name: String) -> String? {
        if case .string(let value)? = self[name] { value } else { nil }
    }

    package func integer(_ name: String) -> Int64? {
        if case .integer(let value)? = self[name] { value } else { nil }
    }

    package func boolean(_ name: String) -> Bool? {
        if case .boolean(let value)? = self[name] { value } else { nil }
    }

    /// Adds without looking for an earlier one of the same name: for headers as they come from the broker.
    mutating func append(name: String, value: AMQPValue) {
        self.entries.append(Entry(name: name, value: value))
    }
}

extension AMQPHeaders: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, AMQPValue)...) {
        self.entries = []
        self.entries.reserveCapacity(elements.count)
        for (name, value) in elements { self[name] = value }
    }
}

/// A header or argument value.
///
/// Other field types of AMQP (nested tables, arrays, floats) are skipped when read.
package enum AMQPValue: Sendable, Hashable {
    case string(String)
    case integer(Int64)
    case boolean(Bool)
}

extension AMQPValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .boolean(value) }
}
