namespace Amnre.Scheduler.Tests.Cluster;

/// <summary>Programs called like Slurm's that remember what was submitted and cancelled, and say of it what a test wants.</summary>
internal sealed class PretendedSlurm : IDisposable
{
    private static readonly Dictionary<string, string> Programs = new()
    {
        ["sbatch"] =
            """
            for word; do case $word in --test-only) exit 0;; --array=0-*) last=${word#--array=0-};; esac; done
            id=$(( $(cat next 2>/dev/null || echo 100) + 1 )); echo "$id" >next
            for task in $(seq 0 "$last"); do echo "${id}_$task" >>submitted; done
            echo "$id"
            """,
        ["squeue"] = "cat seen 2>/dev/null; exit 0",
        ["scancel"] = """for word; do case $word in -*) ;; *) echo "$word" >>cancelled;; esac; done""",
        ["scontrol"] = "echo 'MaxArraySize = 1001'",
    };

    public PretendedSlurm()
    {
        foreach (var (name, text) in Programs)
        {
            var path = Path.Combine(Folder, name);
            File.WriteAllText(path, $"#!/bin/bash\ncd \"$(dirname \"$0\")\"\n{text}\n");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("amnre-slurm-").FullName;

    public IReadOnlyList<string> Submitted => Lines("submitted");

    public IReadOnlyList<string> Cancelled => Lines("cancelled");

    /// <summary>What <c>squeue</c> answers from now on.</summary>
    public void Says(string text) => File.WriteAllText(Path.Combine(Folder, "seen"), text);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private string[] Lines(string file) => File.Exists(Path.Combine(Folder, file)) ? File.ReadAllLines(Path.Combine(Folder, file)) : [];
}
