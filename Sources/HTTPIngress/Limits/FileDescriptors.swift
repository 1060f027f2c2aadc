#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The process's limit of open files; each connection is one.
enum FileDescriptors {
    /// Raises the soft limit to `needed` as far as the hard limit allows, and says what it is then.
    static func raise(to needed: Int) -> Int {
        var limit = rlimit()
        // SAFETY: the structure outlives the call, which fills it in.
        guard unsafe getrlimit(resource, &limit) == 0 else { return needed }
        let wanted = min(rlim_t(needed), limit.rlim_max)
        if limit.rlim_cur < wanted {
            limit.rlim_cur = wanted
            // Refused only where a sandbox forbids it; the limit is then what it was.
            _ = unsafe setrlimit(resource, &limit)
            _ = unsafe getrlimit(resource, &limit)
        }
        return Int(clamping: limit.rlim_cur)
    }

    #if canImport(Glibc)
        private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
        private static let resource = RLIMIT_NOFILE
    #endif
}
