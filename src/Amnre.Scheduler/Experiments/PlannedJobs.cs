using Amnre.Jobs.Specs;

namespace Amnre.Scheduler.Experiments;

/// <summary>The jobs of a plan as it grows; each must come after those it reads from, whose fingerprints enter its own.</summary>
internal sealed class PlannedJobs
{
    private readonly List<JobSpec> _jobs = [];
    private readonly Dictionary<string, Fingerprint> _fingerprints = [];

    public IReadOnlyList<JobSpec> InOrder => _jobs;

    public void Add<TSettings>(
        string name, JobKind kind, TSettings settings, IReadOnlyList<JobInput> inputs, IReadOnlyList<JobOutput> outputs,
        bool keyHoldsInputs = true)
    {
        var document = CanonicalJson.Write(settings);
        var key = JobKey.Document(kind, document,
            keyHoldsInputs ? inputs.Select(input => (input.Role, _fingerprints[input.Job], input.Output)) : []);
        var fingerprint = Fingerprint.Of(key);
        _fingerprints.Add(name, fingerprint);
        _jobs.Add(new JobSpec
        {
            Name = name,
            Kind = kind,
            Settings = document,
            Key = key,
            Fingerprint = fingerprint,
            Inputs = inputs,
            Outputs = outputs,
        });
    }
}
