using System.Globalization;
using System.Text.Json.Serialization;

namespace Amnre.Jobs.Specs;

/// <summary>One job of a plan: what to do, from what, to what. Immutable once submitted.</summary>
public sealed record JobSpec
{
    /// <summary>Unique in its experiment, such as <c>train/slcp-amnre</c>.</summary>
    public required string Name { get; init; }

    public required JobKind Kind { get; init; }

    /// <summary>Canonical JSON of the kind's settings record.</summary>
    public required string Settings { get; init; }

    /// <summary>The canonical document that <see cref="Fingerprint"/> is the digest of, kept so that a re-run can say which field
    /// changed.</summary>
    public required string Key { get; init; }

    public required Fingerprint Fingerprint { get; init; }

    /// <summary>Files of other jobs that this one reads; the producers are its dependencies.</summary>
    public required IReadOnlyList<JobInput> Inputs { get; init; }

    /// <summary>What it makes, and under which friendly names people find it.</summary>
    public required IReadOnlyList<JobOutput> Outputs { get; init; }

    public JobResources Resources { get; init; } = new();
}

/// <summary>A file that a job reads.</summary>
/// <param name="Role">What the job takes it for: <c>shard</c>, <c>samples</c>, <c>valid</c>, <c>model</c>, <c>series:0</c>.
/// Several inputs may share a role; their order counts.</param>
/// <param name="Job">Name of the producing job in the same experiment.</param>
/// <param name="Output">Output name in that job; a trailing <c>*</c> takes all that match, in ordinal order.</param>
public sealed record JobInput(string Role, string Job, string Output)
{
    /// <summary>The producer is a decision, and the job runs only where it admits this branch; null for no such condition.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Branch { get; init; }

    /// <summary>The job runs also where a decision pruned the producer, and does without the file.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Optional { get; init; }

    /// <summary>Role of the decision that a job's branch belongs to: no file of it is used.</summary>
    public const string Admission = "admission";

    /// <summary>Role of the state of a paused training: it saves time and decides nothing.</summary>
    public const string Resume = "resume";

    /// <summary>Role of the decision on the rung below.</summary>
    public const string Previous = "previous";

    /// <summary>Role of the files of a candidate, by its place among them.</summary>
    public static string Candidate(int place) => string.Create(CultureInfo.InvariantCulture, $"candidate:{place}");

    /// <summary>Whether the reader's bytes depend on the file.</summary>
    [JsonIgnore]
    public bool Decides => Role is not (Admission or Resume);
}

/// <summary>A file that a job makes.</summary>
/// <param name="Name">Name in the attempt's directory, such as <c>model.pth</c>; a trailing <c>*</c> stands for any number of
/// files.</param>
/// <param name="Path">Friendly path relative to the experiment's folder; a <c>*</c> receives what the name's <c>*</c> matched.
/// Null: an intermediate that gets no friendly name.</param>
/// <param name="Measured">Holds wall-clock measurements, so its bytes differ from run to run; left out of drift comparison.</param>
public sealed record JobOutput(string Name, string? Path, bool Measured = false)
{
    public bool IsPattern => Name.EndsWith('*');

    /// <summary>Whether <paramref name="file"/> (a name in the attempt's directory) is this output or one of its matches.</summary>
    public bool Matches(string file) => IsPattern ? file.StartsWith(Name[..^1], StringComparison.Ordinal) : file == Name;

    /// <summary>The friendly path of <paramref name="file"/>, which <see cref="Matches"/>; null when it has none.</summary>
    public string? PathOf(string file) => IsPattern ? Path?.Replace("*", file[(Name.Length - 1)..], StringComparison.Ordinal) : Path;
}

/// <summary>What a job asks of the machine it runs on.</summary>
public sealed record JobResources
{
    public int Cpus { get; init; } = 1;

    public int Gpus { get; init; }

    public long MemoryBytes { get; init; }

    /// <summary>Longest run time; null means no limit.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>A run that can be resumed is resumed only on the kind of device that it was begun on.</summary>
    public bool SameKind { get; init; }
}

/// <summary>A whole experiment as jobs in an order in which each comes after those it reads from.</summary>
/// <param name="Name">Experiment name, also the folder of its friendly paths: letters, digits, <c>-</c>, <c>_</c>, <c>.</c>.</param>
/// <param name="Document">The experiment file's text, as submitted.</param>
/// <param name="Jobs">Topologically ordered.</param>
public sealed record ExperimentPlan(string Name, string Document, IReadOnlyList<JobSpec> Jobs)
{
    /// <summary>Of its jobs, under way at once; null for no limit.</summary>
    public int? AtMost { get; init; }

    /// <summary>Files of the user's that its jobs import. They are copied into the store by whoever submits and never sent to a scheduler,
    /// which reads no paths of others.</summary>
    [JsonIgnore]
    public IReadOnlyList<LocalFile> Files { get; init; } = [];
}

/// <summary>A file on the machine that plans.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Sha256">Of its content when it was planned: lower-case hexadecimal.</param>
public sealed record LocalFile(string Path, string Sha256)
{
    /// <summary>Its size then.</summary>
    public long Bytes { get; init; }
}
