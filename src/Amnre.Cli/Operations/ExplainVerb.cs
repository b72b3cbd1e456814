using System.CommandLine;
using Amnre.Cli.Studies;
using Amnre.Cli.Tables;
using Amnre.Cli.Terminal;
using Amnre.Engine;
using Amnre.Jobs.Views;

namespace Amnre.Cli.Operations;

/// <summary><c>amnre explain JOB</c>: why it does not run, why it runs again, and what became of its attempts.</summary>
internal static class ExplainVerb
{
    public static Command Create()
    {
        var options = new LedgerOptions();
        var selection = options.Selection("job", "Job, such as quickstart/train/slcp-amnre");
        var verb = options.Verb(
            "explain",
            """
            Explain a job: what it waits for (jobs it reads from, a pause, a back-off, a worker that fits), why it was to be made at all
            (which setting changed), every attempt with its worker and its end, and whether a result that was made again came out the same.

            Examples:
              amnre explain quickstart/train/slcp-amnre
              amnre explain train/slcp-amnre --json
            """,
            selection);
        verb.SetAction(async (parsed, stop) =>
        {
            await using var study = await options.ReachAsync(parsed, stop);
            var (_, job) = await study.SelectJobAsync(parsed.GetRequiredValue(selection), stop);
            var facts = await study.FactsAsync(job.Id, stop)
                ?? throw new InvalidOperationException($"job {job.Id} vanished from the ledger");
            var explanation = JobExplanation.Of(facts);
            if (parsed.GetValue(options.Json))
                Console.WriteLine(
                    JsonText.Of(new
                    {
                        explanation.Standing,
                        explanation.Origin,
                        Fingerprint = facts.Fingerprint.Text,
                        facts.Job,
                        facts.Experiment,
                        facts.Resources,
                        facts.ReadsFrom,
                        facts.Publication,
                        facts.Attempts,
                        facts.Events
                    }));
            else Write(facts, explanation);
            return ExitCode.Success;
        });
        return verb;
    }

    private static void Write(JobFacts facts, JobExplanation explanation)
    {
        Console.WriteLine($"{facts.Experiment.Name}/{facts.Job.Name} (version {facts.Experiment.Version}): " +
            $"{EnumName.Of(facts.Job.State)}");
        foreach (var sentence in explanation.Standing) Console.WriteLine($"  {sentence}");
        Console.WriteLine("why it was to be made");
        foreach (var sentence in explanation.Origin) Console.WriteLine($"  {sentence}");
        if (facts.ReadsFrom.Count > 0) Console.WriteLine("reads from");
        foreach (var one in facts.ReadsFrom) Console.WriteLine($"  {one.Name}: {EnumName.Of(one.State)}");
        if (facts.Attempts.Count > 0) Console.WriteLine("attempts");
        foreach (var one in facts.Attempts)
        {
            var end = one.Outcome is { } outcome
                ? EnumName.Of(outcome) + (one.FailureClass is { } failure ? $" ({EnumName.Of(failure)})" : "") : "running";
            Console.WriteLine($"  {one.Number}  {StatusText.Instant(one.StartedAt)}  " +
                $"{Durations.Text((one.EndedAt ?? facts.Now) - one.StartedAt)}  {end}  on " +
                $"{one.Worker}{(one.Message is null ? "" : $": {one.Message}")}");
            if (one.Device is { } device) Console.WriteLine($"     {device.Sentence}");
        }

        Console.WriteLine($"fingerprint {facts.Fingerprint}");
    }
}
