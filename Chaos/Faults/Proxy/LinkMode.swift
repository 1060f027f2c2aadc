import NIOCore

/// What a link does with the bytes that pass it.
enum LinkMode: Sendable, Equatable {
    case open
    /// Open connections are reset, new ones too.
    case cut
    /// Connections stay, and nothing passes: what arrives is passed on when the link is open again.
    case frozen
    /// Every byte is late, and no more than so many pass in a second.
    case slow(latency: TimeAmount, bytesPerSecond: Int)
}
