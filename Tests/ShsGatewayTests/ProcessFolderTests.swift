import Foundation
import Gateway
import Testing
import Trust

@testable import shs_gateway

/// Which processes live, by their files: one's own place by the kernel, others by age.
struct ProcessFolderTests {
    private let folder: TestFolder
    private let here = ProcessPlace(host: "here", boot: "1111", pidNamespace: "pid:[1]")
    private let elsewhere = ProcessPlace(host: "there", boot: "2222", pidNamespace: "pid:[1]")

    init() throws { self.folder = try TestFolder() }

    private func processes(_ place: ProcessPlace) -> ProcessFolder {
        var files = FilesConfiguration(SettingsReader(providers: []))
        files.state = self.folder.path
        files.staleAfter = .seconds(60)
        return ProcessFolder(files, place: place)
    }

    private func state(_ place: ProcessPlace?, pid: Int32 = getpid(), ticks: UInt64? = nil) -> ProcessState {
        ProcessState(
            role: "ingress", pid: pid, startTicks: ticks ?? ProcessFolder.startTicks(of: getpid()) ?? 0, place: place,
            set: 1, generation: 1, since: "2026-01-01T00:00:00Z")
    }

    @Test func `a process that lives is listed, and one whose number another process has got is not`() throws {
        let own = self.processes(self.here)
        try own.write(self.state(self.here))
        #expect(own.live() == [self.state(self.here)])
        // The same number, another beginning.
        try own.write(self.state(self.here, ticks: 1))
        #expect(own.live() == [])
        #expect(own.live() == [])
    }

    @Test func `a number that no process has is left behind, and its file is removed`() throws {
        let own = self.processes(self.here)
        try own.write(self.state(self.here, pid: .max))
        #expect(try FileManager.default.contentsOfDirectory(atPath: own.path).count == 1)
        #expect(own.live() == [])
        #expect(try FileManager.default.contentsOfDirectory(atPath: own.path) == [])
    }

    @Test func `a process of another container counts until its file is old, whatever has its number here`() throws {
        let (own, other) = (self.processes(self.here), self.processes(self.elsewhere))
        let foreign = self.state(self.elsewhere, pid: 1, ticks: 99)
        try other.write(foreign)
        try own.write(self.state(self.here))
        let now = Date()
        #expect(own.live(now: now).count == 2)
        #expect(own.live(now: now + 59).contains(foreign))
        // As long as it refreshes its file, it lives.
        #expect(other.refresh(foreign, now: now + 50))
        #expect(own.live(now: now + 100).contains(foreign))
        #expect(!own.live(now: now + 111).contains(foreign))
        #expect(!own.live(now: now).contains(foreign), "it is removed")
        // One that was only stopped for a while notices, and writes anew.
        #expect(!other.refresh(foreign, now: now + 112))
    }

    @Test func `two processes with one role and one number in two places do not share a file`() throws {
        let (own, other) = (self.processes(self.here), self.processes(self.elsewhere))
        try own.write(self.state(self.here))
        try other.write(self.state(self.elsewhere))
        #expect(own.live().count == 2)
        own.remove(self.state(self.here))
        #expect(own.live() == [self.state(self.elsewhere)])
    }

    @Test func `a file is refreshed four times within its age, not at every look`() throws {
        let own = self.processes(self.here)
        let state = self.state(self.here)
        try own.write(state)
        func modified() -> Int64? { FileMark(path: "\(own.path)/\(state.fileName)")?.modified }
        let (written, now) = (modified(), Date())
        #expect(own.refresh(state, now: now + 10))
        #expect(modified() == written)
        #expect(own.refresh(state, now: now + 16))
        #expect(modified() != written)
    }

    @Test func `a file without a place, of an older program, counts by its age`() throws {
        let own = self.processes(self.here)
        try own.write(self.state(nil))
        #expect(own.live().count == 1)
        #expect(own.live(now: Date() + 61).count == 0)
    }

    @Test func `a file that is none is passed over`() throws {
        let own = self.processes(self.here)
        try own.write(self.state(self.here))
        for name in ["broken.json", ".hidden.json", "note.txt"] {
            try Data("{".utf8).write(to: URL(filePath: "\(own.path)/\(name)"))
        }
        #expect(own.live().count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: own.path).count == 4)
    }

    @Test func `this place has a name, a boot and a number space`() {
        let place = ProcessPlace.here
        #expect(!place.host.isEmpty)
        #expect(place.boot.count == 36)
        #expect(place.pidNamespace.hasPrefix("pid:["))
        #expect(ProcessFolder.startTicks(of: getpid()) != nil)
        #expect(ProcessFolder.startTicks(of: .max) == nil)
    }
}
