/// Waits until something that can be observed is so, without sleeping; false when it is not so within the limit of time.
package func eventually(
    within limit: Duration = .seconds(120), _ isSo: () async -> Bool
) async -> Bool {
    let clock = ContinuousClock()
    let end = clock.now + limit
    while clock.now < end {
        if await isSo() { return true }
        await Task.yield()
    }
    return false
}
