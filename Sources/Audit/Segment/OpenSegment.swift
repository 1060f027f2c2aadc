import Gateway

/// The file that a process appends its entries to, taken for it alone until it is closed.
struct OpenSegment: Sendable {
    /// Below the role's folder.
    let name: String
    private let file: RecordFile
    private let headFile: RecordFile
    private(set) var head: SegmentHead
    private(set) var bytes = 0
    /// When the first entry of a caller was appended; nil while there is none.
    private(set) var since: Timestamp?

    /// Makes a new file with its head.
    init(_ name: String, in folder: String) throws(FileFailure) {
        let path = "\(folder)/\(name)"
        let file = try RecordFile.append(to: path, isNew: true)
        let head = SegmentHead(entries: 0, hash: ChainHash(ofFile: name), synchronised: 0)
        do throws(FileFailure) {
            _ = try file.lock(waits: true)
            let headFile = try RecordFile.rewrite(SegmentHead.path(of: path))
            do throws(FileFailure) {
                try headFile.write(head.bytes, at: 0)
            } catch {
                headFile.close()
                throw error
            }
            self.headFile = headFile
        } catch {
            file.close()
            throw error
        }
        RecordFile.synchroniseFolder(folder)
        self.name = name
        self.file = file
        self.head = head
    }

    /// Appends one entry: when it throws, the file is as before.
    mutating func append(_ members: JSONObject, at now: Timestamp, isOwn: Bool = false) throws(FileFailure) {
        let (line, hash) = ChainLine.make(
            self.head.entries + 1, at: now, members: members, after: self.head.hash)
        try self.file.append(line, at: self.bytes)
        let next = SegmentHead(
            entries: self.head.entries + 1, hash: hash, synchronised: self.head.synchronised)
        do throws(FileFailure) {
            try self.headFile.write(next.bytes, at: 0)
        } catch {
            try? self.file.truncate(to: self.bytes)
            throw error
        }
        self.head = next
        self.bytes += line.count
        if self.since == nil && !isOwn { self.since = now }
    }

    /// Makes the entries so far outlive a loss of power; returns how many those are.
    ///
    /// Takes as long as the disk does, so a copy is asked, outside any lock.
    func synchronise() throws(FileFailure) -> Int {
        let entries = self.head.entries
        try self.file.synchronise()
        return entries
    }

    mutating func synchronised(_ entries: Int) {
        self.head.synchronised = max(self.head.synchronised, entries)
        try? self.headFile.write(self.head.bytes, at: 0)
    }

    func close() {
        self.file.close()
        self.headFile.close()
    }
}
