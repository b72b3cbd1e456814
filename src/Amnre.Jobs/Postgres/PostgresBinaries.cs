using Amnre.Engine;

namespace Amnre.Jobs.Postgres;

/// <summary>A folder with <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c> of one PostgreSQL version.</summary>
public sealed record PostgresBinaries(string Folder, int MajorVersion)
{
    private static readonly string[] Programs = ["initdb", "pg_ctl", "postgres"];

    public string Initdb => Path.Combine(Folder, "initdb");

    public string Ctl => Path.Combine(Folder, "pg_ctl");

    /// <summary>Looks in <paramref name="folder"/> when given, else in Debian's and Red Hat's folders (newest first) and on PATH.</summary>
    /// <param name="folder">A folder that the user named.</param>
    /// <param name="majorVersion">The version that an existing data directory needs; null accepts any.</param>
    /// <exception cref="InputException">None found.</exception>
    public static PostgresBinaries Find(string? folder, int? majorVersion)
    {
        var candidates = (folder is null ? Installed() : [Path.GetFullPath(folder)]) // The programs run elsewhere.
            .Where(IsComplete)
            .Select(found => new PostgresBinaries(found, VersionOf(found)))
            .ToList();
        var match = candidates.Find(found => majorVersion is null || found.MajorVersion == majorVersion);
        if (match is not null) return match;

        var where = folder is null ? "in /usr/lib/postgresql/*/bin, /usr/pgsql-*/bin or on PATH" : $"in {folder}";
        throw new InputException(candidates.Count == 0
            ? $"PostgreSQL's server programs ({string.Join(", ", Programs)}) were not found {where}. Install them " +
              "(Debian, Ubuntu: apt-get install postgresql), name their folder with --postgres-binaries, or use an " +
              "existing server with --postgres or AMNRE_POSTGRES."
            : $"The store's database was made by PostgreSQL {majorVersion}, but only version " +
              $"{string.Join(", ", candidates.Select(found => found.MajorVersion).Distinct())} was found {where}. " +
              $"Install PostgreSQL {majorVersion} or choose another store with --store.");
    }

    private static IEnumerable<string> Installed()
    {
        foreach (var (root, pattern) in new[] { ("/usr/lib/postgresql", "*"), ("/usr", "pgsql-*") })
        {
            if (!Directory.Exists(root)) continue;
            foreach (var version in Directory.GetDirectories(root, pattern).OrderByDescending(TrailingNumber))
                yield return Path.Combine(version, "bin");
        }

        foreach (var entry in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
            yield return entry;
    }

    private static int TrailingNumber(string path) =>
        int.TryParse(Path.GetFileName(path).Split('-')[^1], out var number) ? number : 0;

    private static bool IsComplete(string folder) => Programs.All(program => File.Exists(Path.Combine(folder, program)));

    /// <summary>Asks <c>postgres --version</c>, which prints <c>postgres (PostgreSQL) 15.18 (Debian …)</c>.</summary>
    private static int VersionOf(string folder)
    {
        var program = Path.Combine(folder, "postgres");
        var text = SystemProgram.Run(program, "--version").StandardOutput;
        var digits = new string([.. text.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit)]);
        return int.TryParse(digits, out var version)
            ? version
            : throw new InputException($"{program} --version printed '{text.Trim()}', which names no version");
    }
}
