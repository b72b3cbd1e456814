using Amnre.Engine;
using Amnre.Jobs.Artifacts;
using Npgsql;

namespace Amnre.Jobs.Ledger;

/// <summary>The store that a ledger speaks of.</summary>
/// <param name="Folder">As the machine that registered it calls it.</param>
public sealed record RegisteredStore(string Id, string Folder, string Host, DateTime RegisteredAt);

/// <summary>Which store's files a ledger speaks of: known once, compared by every process that is about to use files.</summary>
public sealed class StoreLedger(NpgsqlDataSource database)
{
    /// <summary>Published files that are looked for where a ledger of before has no store yet.</summary>
    private const int Sample = 20;

    /// <summary>Compares, and registers the store of a ledger that has none: of several that try at once, one does.</summary>
    /// <param name="root">The store's folder here.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="InputException">It is another store, or an empty folder where the ledger's should be; nothing was
    /// changed.</exception>
    public async Task RequireOrRegisterAsync(string root, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        if (await KnownAsync(connection, cancel) is not { } known)
        {
            await RefuseEmptyAsync(connection, root, cancel);
            Directory.CreateDirectory(root);
            var id = StoreIdentity.ReadOrMake(root);
            await connection.ExecuteAsync(
                "insert into amnre.store (id, folder, host) values (@id, @root, @MachineName) on conflict do nothing",
                new { id, root, Environment.MachineName }, cancel);
            known = (await KnownAsync(connection, cancel))!;
        }

        Require(known, root);
    }

    /// <summary>Compares. A ledger that has no store yet is content with any: there is nothing to read.</summary>
    /// <exception cref="InputException">It is another store.</exception>
    public async Task RequireAsync(string root, CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        if (await KnownAsync(connection, cancel) is { } known) Require(known, root);
    }

    /// <summary>What the ledger knows; null when it knows none yet.</summary>
    public async Task<RegisteredStore?> KnownAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        return await KnownAsync(connection, cancel);
    }

    /// <summary>From now on the ledger speaks of the store in this folder, whatever it said before.</summary>
    /// <returns>The store's identity, which it gets where it has none.</returns>
    /// <exception cref="InputException">There is no such folder.</exception>
    public async Task<string> AcceptAsync(string root, CancellationToken cancel)
    {
        if (!Directory.Exists(root))
            throw new InputException($"there is no folder '{root}' to accept as the ledger's store: name the one that holds its files " +
                "with --store or AMNRE_STORE");
        var id = StoreIdentity.ReadOrMake(root);
        await database.ExecuteAsync(
            """
            insert into amnre.store (id, folder, host) values (@id, @root, @MachineName)
            on conflict ((true)) do update set id = excluded.id, folder = excluded.folder, host = excluded.host, registered_at = now()
            """, new { id, root, Environment.MachineName }, cancel);
        return id;
    }

    /// <summary>Why a folder is not the ledger's store; null when it is. Pure.</summary>
    /// <param name="id">In the folder; null when it has none.</param>
    public static string? Refusal(RegisteredStore known, string root, string? id) => id == known.Id ? null
        : $"'{root}' is not the store of this ledger: {(id is null ? "it has no identity" : $"it is store {id}")}, and the ledger's " +
            $"files are in store {known.Id} "
            + $"('{known.Folder}' on {known.Host}). Is that file system mounted here? Does --store or AMNRE_STORE name the right folder? "
            + "If the store was moved or restored on purpose, run 'amnre store --accept' with this folder";

    private static void Require(RegisteredStore known, string root)
    {
        if (Refusal(known, root, StoreIdentity.Read(root)) is { } refusal) throw new InputException(refusal);
    }

    private static Task<RegisteredStore?> KnownAsync(NpgsqlConnection connection, CancellationToken cancel) =>
        connection.QuerySingleOrDefaultAsync<RegisteredStore?>(
            "select id, folder, host, registered_at from amnre.store", null, cancel);

    /// <summary>A ledger of before stores had identities takes the one that has its files, and not the folder on which that should be
    /// mounted.</summary>
    private static async Task RefuseEmptyAsync(NpgsqlConnection connection, string root, CancellationToken cancel)
    {
        var published = await connection.QueryAsync<string>(
            "select f.path from amnre.publications p join amnre.artifacts f on f.token = p.token order by p.published_at desc " +
                "limit @Sample",
            new { Sample }, cancel);
        if (published.Count > 0 && !published.Any(path => File.Exists(Path.Combine(root, path))))
        {
            throw new InputException(
                $"'{root}' is not the store of this ledger: none of the {published.Count} results published last is there, such as " +
                $"{published[0]}. "
                + "Is the store's file system mounted here? Does --store or AMNRE_STORE name the right folder? "
                + "If the store's files are lost, run 'amnre store --accept' with this folder: they are made again when they are needed");
        }
    }
}
