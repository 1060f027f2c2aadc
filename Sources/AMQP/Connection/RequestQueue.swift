/// First in, first out, with constant work per element.
///
/// Pure.
struct RequestQueue<Element> {
    private var elements: [Element] = []
    private var head = 0

    init() {}

    var isEmpty: Bool { self.head == self.elements.count }
    var count: Int { self.elements.count - self.head }
    var first: Element? { self.isEmpty ? nil : self.elements[self.head] }

    mutating func append(contentsOf new: [Element]) {
        if self.isEmpty {
            self.elements = new
            self.head = 0
        } else {
            self.elements += new
        }
    }

    mutating func append(_ element: Element) { self.elements.append(element) }

    mutating func popFirst() -> Element? {
        guard !self.isEmpty else { return nil }
        let element = self.elements[self.head]
        self.head += 1
        if self.head == self.elements.count {
            self.elements.removeAll(keepingCapacity: self.head <= 4_096)
            self.head = 0
        } else if self.head >= 1_024, self.head * 2 >= self.elements.count {
            self.elements.removeFirst(self.head)
            self.head = 0
        }
        return element
    }

    mutating func removeAll() -> [Element] {
        defer { self = RequestQueue() }
        return Array(self.elements[self.head...])
    }
}
