using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

/// <summary>What a user has set for programs of this project, and for others that they look at, is not meant for tests, which set what they
/// need: each test program takes it away before anything else happens in it.</summary>
file static class OwnSurroundings
{
    private const int EverybodyReads = 0b000_010_010;

    /// <summary>Of tests themselves: how many, from which seed, by which browser, with which PyTorch.</summary>
    private static readonly string[] OfTests =
        ["AMNRE_CAMPAIGN", "AMNRE_CHROMIUM", "AMNRE_FUZZ", "AMNRE_GRID", "AMNRE_SCALE_", "AMNRE_SEED", "AMNRE_TEST_", "AMNRE_TORCH"];

    /// <summary>Of PostgreSQL, of Slurm, and of users' own folders.</summary>
    private static readonly string[] OfOthers =
        ["PG", "SLURM_", "SBATCH_", "SALLOC_", "SRUN_", "SQUEUE_", "SCANCEL_", "CUDA_VISIBLE_DEVICES", "XDG_RUNTIME_DIR", "XDG_STATE_HOME",
            "XDG_CACHE_HOME", "OTEL_"];

    [ModuleInitializer]
    internal static void TakeAway()
    {
        // A test program that plays a worker was given its part by the one that started it.
        if (Environment.GetEnvironmentVariable("AMNRE_TEST_PART") is not null) return;
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>().ToList())
            if (IsUsers(name)) Environment.SetEnvironmentVariable(name, null);
        foreach (var kind in (string[])["STATE_HOME", "CACHE_HOME"])
            Environment.SetEnvironmentVariable($"XDG_{kind}",
                Path.Combine(Path.GetTempPath(), $"amnre-tests-{kind[..5].ToLowerInvariant()}"));
        _ = Mask(EverybodyReads);
    }

    private static bool IsUsers(string name) => Array.Exists(OfOthers, start => name.StartsWith(start, StringComparison.Ordinal))
        || (name.StartsWith("AMNRE_", StringComparison.Ordinal)
            && !Array.Exists(OfTests, start => name.StartsWith(start, StringComparison.Ordinal)));

    [DllImport("libc", EntryPoint = "umask"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Mask(int mask);
}
