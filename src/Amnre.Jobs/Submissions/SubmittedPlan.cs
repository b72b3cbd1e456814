using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Amnre.Engine;
using Amnre.Engine.Masks;
using Amnre.Engine.Searches;
using Amnre.Engine.Settings;
using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Specs;

namespace Amnre.Jobs.Submissions;

/// <summary>A plan that another process made, asked to be done.</summary>
/// <param name="Plan">As the planner made it.</param>
/// <param name="Priority">Greater goes first, across experiments.</param>
/// <param name="Verify">Read every published file and compare its digest before it is reused.</param>
/// <param name="Owner">Who submits; null leaves it to the server.</param>
/// <param name="Build">The program that made the plan, as <see cref="ProgramVersion.Build"/> names it: another build may mean other work by
/// the same settings.</param>
/// <param name="DiskBytes">What the rows of the plan's datasets take at least.</param>
public sealed record PlanDocument(ExperimentPlan Plan, int Priority = 0, bool Verify = false, string? Owner = null, string? Build = null,
    double DiskBytes = 0);

/// <summary>Refuses plans from elsewhere that our own planner could not have made; the rest is checked with every submission.</summary>
public static class SubmittedPlan
{
    private const int LongestName = 500;
    private const int LongestOwner = 100;

    /// <exception cref="InputException">The first validation error found.</exception>
    public static PlanDocument Check(PlanDocument document)
    {
        var plan = document.Plan;
        Require(document.Owner is null || (document.Owner.Length is > 0 and <= LongestOwner && !document.Owner.Any(char.IsControl)),
            $"owner '{document.Owner}' is no user's name");
        Require(plan.Jobs.Count is > 0 and <= PlanCheck.MaxJobs, $"a plan of {plan.Jobs.Count} jobs: from 1 to {PlanCheck.MaxJobs}");
        Require(plan.AtMost is null or > 0, $"at_most {plan.AtMost} is out of range: 1 or more");
        Require(!plan.Document.Contains('\0'), "the experiment file holds a zero character");
        var fingerprints = new Dictionary<string, Fingerprint>(StringComparer.Ordinal);
        foreach (var job in plan.Jobs)
        {
            // Deserialised lists may contain nulls despite non-nullable element types.
            Require(job is not null && !job.Inputs.Contains(null!) && !job.Outputs.Contains(null!),
                "a job, an input or an output of the plan is null");
            Require(job.Name.Length is > 0 and <= LongestName && !job.Name.Any(char.IsControl), $"'{job.Name}' is no name for a job");
            Require(job.Resources is { Cpus: > 0, Gpus: >= 0, MemoryBytes: >= 0 }
                && (job.Resources.Time is null || job.Resources.Time > TimeSpan.Zero),
                $"job '{job.Name}' asks for resources that cannot be: {job.Resources}");
            Require(job.Inputs.All(input => fingerprints.ContainsKey(input.Job)),
                $"job '{job.Name}' reads from a job that does not come before it");
            Require(!job.Key.Contains('\0') && Fingerprint.Of(job.Key) == job.Fingerprint,
                $"the fingerprint of job '{job.Name}' is not that of its key");
            CheckSettings(job);
            Require(fingerprints.TryAdd(job.Name, job.Fingerprint), $"two jobs are called '{job.Name}'");
        }

        return document;
    }

    /// <summary>The settings are those of the job's kind, and its key speaks of the same.</summary>
    private static void CheckSettings(JobSpec job)
    {
        try
        {
            object _ = job.Kind switch
            {
                JobKind.Sample => CanonicalJson.Read<SampleSettings>(job.Settings),
                JobKind.Gather => CanonicalJson.Read<GatherSettings>(job.Settings),
                JobKind.Train => CanonicalJson.Read<TrainSettings>(job.Settings),
                JobKind.Evaluate => CanonicalJson.Read<EvaluateSettings>(job.Settings),
                JobKind.Plot => CanonicalJson.Read<PlotSettings>(job.Settings),
                JobKind.Basis => CanonicalJson.Read<BasisSettings>(job.Settings),
                JobKind.Import => Import(job),
                JobKind.Verdict => CanonicalJson.Read<VerdictSettings>(job.Settings),
                JobKind.Require => Requirement(job),
                JobKind.Truth => Truth(job),
                JobKind.Decide => CanonicalJson.Read<DecideSettings>(job.Settings),
                _ => throw new InputException($"there are no jobs of kind {job.Kind}"),
            };
            // Which of two values a key given twice has, readers do not agree on.
            StrictJson.Parse(job.Settings);
            StrictJson.Parse(job.Key);
            using var key = JsonDocument.Parse(job.Key);
            Require(key.RootElement.TryGetProperty("kind", out var kind) && kind.GetString() == CanonicalJson.Name(job.Kind),
                $"the key of job '{job.Name}' is that of another kind");
        }
        catch (Exception wrong) when (wrong is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new InputException($"the settings of job '{job.Name}' are not those of its kind: {wrong.Message}", wrong);
        }
    }

    /// <summary>Digests become names of files.</summary>
    private static ImportSettings Import(JobSpec job)
    {
        var settings = CanonicalJson.Read<ImportSettings>(job.Settings);
        // Deserialised records may contain nulls despite non-nullable members.
        Require(settings.Parts is { Count: > 0 } parts && parts.All(part => part is { X.File.Sha256: var x } && StoreInputs.IsDigest(x)
                && (part.Theta is null || StoreInputs.IsDigest(part.Theta.File?.Sha256))),
            $"job '{job.Name}' imports a file that is not named by its SHA-256");
        return settings;
    }

    private static RequireSettings Requirement(JobSpec job)
    {
        var settings = CanonicalJson.Read<RequireSettings>(job.Settings);
        // Deserialised records may contain nulls despite non-nullable members.
        Require(settings.Checks is { Count: > 0 }, $"job '{job.Name}' requires no check");
        return settings;
    }

    private static TruthSettings Truth(JobSpec job)
    {
        var settings = CanonicalJson.Read<TruthSettings>(job.Settings);
        // Deserialised records may contain nulls despite non-nullable members.
        Require(settings.Masks is { Count: > 0 } masks && masks.All(mask => ParameterMask.TryParse(mask ?? "", out _))
                && settings is { First: >= 0, Draws: > 0, Threads: > 0 } && settings.Last > settings.First,
            $"job '{job.Name}' draws nothing: it needs masks, rows and draws");
        return settings;
    }

    private static void Require([DoesNotReturnIf(false)] bool holds, string error)
    {
        if (!holds) throw new InputException(error);
    }
}
