using Amnre.Engine;
using Amnre.Jobs.Artifacts;

namespace Amnre.Worker.Execution;

/// <summary>Whether the store is there at this moment: a file system can vanish, or be hidden behind another, while a worker
/// runs.</summary>
internal static class StorePresence
{
    /// <param name="store">As this worker has it.</param>
    /// <param name="id">Of the ledger's store; null when the ledger knows none.</param>
    /// <returns>What is wrong, in a sentence; null when it is there.</returns>
    public static string? ErrorOf(ArtifactStore store, string? id)
    {
        try
        {
            if (id is null) return Directory.Exists(store.Root)
                ? null
                : $"the store '{store.Root}' is not there: is its file system mounted?";
            var found = StoreIdentity.Read(store.Root);
            return found == id ? null
                : $"the store '{store.Root}' is not the ledger's: it {(found is null ? "has no identity" : $"is store {found}")}, and " +
                    $"the ledger's is {id}; is its file system mounted?";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InputException)
        {
            return $"the store '{store.Root}' cannot be read: {e.Message}";
        }
    }
}
