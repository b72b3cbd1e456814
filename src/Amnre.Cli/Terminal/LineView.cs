using Amnre.Engine;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Views;

namespace Amnre.Cli.Terminal;

/// <summary>One line for each change of a job's state, and one now and then for long jobs: for files and pipes.</summary>
internal sealed class LineView(TextWriter output, TimeProvider clock) : IRunView
{
    /// <summary>A running job speaks up this often.</summary>
    private static readonly TimeSpan Reminder = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, (JobState State, int Attempt)> _seen = [];
    private readonly Dictionary<string, long> _spoken = [];
    private readonly Dictionary<string, RateEstimate> _rates = [];

    public void Say(string message) => output.WriteLine(message);

    public void Show(ExperimentSnapshot snapshot)
    {
        var done = $"[{snapshot.Experiment.Done}/{snapshot.Experiment.Total}]";
        foreach (var job in snapshot.Jobs)
        {
            (JobState State, int Attempt) now = (job.State, job.Attempt?.Number ?? 0);
            var before = _seen.GetValueOrDefault(job.Name);
            _seen[job.Name] = now;
            if (job.State == JobState.Running) Remind(job, done, started: now != before);
            else if (now != before && (job.State.IsFinal || before.State == JobState.Running)) Write(done, job, Outcome(job));
        }
    }

    private static string Outcome(JobSnapshot job)
    {
        var message = job.State is JobState.Failed ? job.Attempt?.Message ?? job.Reason : job.Reason;
        return $"{EnumName.Of(job.State)}{(string.IsNullOrEmpty(message) ? "" : $": {message}")}";
    }

    private void Remind(JobSnapshot job, string done, bool started)
    {
        if (!_rates.TryGetValue(job.Name, out var rate)) _rates[job.Name] = rate = new RateEstimate();
        if (job.Attempt?.Progress is { } seen) rate.See(seen.Done, clock.GetTimestamp(), clock);
        if (started)
        {
            Write(done, job, job.Attempt is { Number: > 1 } again ? $"running (attempt {again.Number})" : "running");
            _spoken[job.Name] = clock.GetTimestamp();
        }
        else if (job.Attempt?.Progress is { Total: > 0 } progress && clock.GetElapsedTime(_spoken.GetValueOrDefault(job.Name)) > Reminder)
        {
            Write(done, job, ProgressText.Line(progress, rate.PerSecond));
            _spoken[job.Name] = clock.GetTimestamp();
        }
    }

    private void Write(string done, JobSnapshot job, string text) => output.WriteLine($"{done} {job.Name} {text}");
}
