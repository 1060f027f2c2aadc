internal import AsyncHTTPClient
internal import Synchronization

/// The connections that were made with one set of credentials, and how many requests use them.
///
/// A pool that has been replaced takes no new request; it is shut down when its last one is done.
final class ClientPool: Sendable {
    private struct State {
        var requests = 0
        var isRetired = false
    }

    let http: HTTPClient
    let credentials: ProviderCredentials
    /// To whom its connections lead.
    let servers: AcceptedServers
    private let state = Mutex(State())

    init(http: HTTPClient, credentials: ProviderCredentials, servers: AcceptedServers) {
        self.http = http
        self.credentials = credentials
        self.servers = servers
    }

    /// A request begins; false when the pool has been replaced meanwhile, and the new one is to be used.
    func begin() -> Bool {
        self.state.withLock { state in
            guard !state.isRetired else { return false }
            state.requests += 1
            return true
        }
    }

    /// A request is over; true when the pool is to be shut down now.
    func end() -> Bool {
        self.state.withLock { state in
            state.requests -= 1
            return state.isRetired && state.requests == 0
        }
    }

    /// Another pool has taken its place; true when this one is to be shut down now.
    func retire() -> Bool {
        self.state.withLock { state in
            state.isRetired = true
            return state.requests == 0
        }
    }
}
