using System.Globalization;
using System.Text;
using Amnre.Engine;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Ledger;
using Amnre.Jobs.Views;

namespace Amnre.Scheduler.Api;

/// <summary>The text format of Prometheus, version 0.0.4. Every state is told even where nothing is in it, so that graphs have no holes.
/// Pure.</summary>
internal static class MetricsText
{
    private static readonly string[] Quantiles = ["0.5", "0.95", "1"];

    /// <param name="figures">Null when the database does not answer.</param>
    public static string Of(LedgerFigures? figures, SchedulerCounts counts, bool leader)
    {
        var text = new StringBuilder();
        Write(text, "amnre_build_info", "gauge", "The program's version.", [($"""version="{ProgramVersion.Build}" """.TrimEnd(), 1)]);
        Write(text, "amnre_database_up", "gauge", "1 when the database answered this scrape.", [("", figures is null ? 0 : 1)]);
        Write(text, "amnre_scheduler_leader", "gauge", "1 when this scheduler leads.", [("", leader ? 1 : 0)]);
        Write(text, "amnre_dispatches_total", "counter", "Jobs that this scheduler handed to the transport.", [("", counts.Dispatches)]);
        Write(text, "amnre_rescues_total", "counter", "Attempts that this scheduler ended because their lease had run out.",
            [("", counts.Rescues)]);
        Write(text, "amnre_redeliveries_total", "counter", "Deliveries that this scheduler handed out again.", [("", counts.Redeliveries)]);
        if (figures is null) return text.ToString();

        Write(text, "amnre_jobs", "gauge", "Jobs of experiments under way, by state.", By("state", figures.Jobs, Names<JobState>()));
        Write(text, "amnre_experiments", "gauge", "Experiments, by state.",
            By("state", figures.Experiments, [.. Names<ExperimentState>(), "paused"]));
        Write(text, "amnre_queue_depth", "gauge", "Jobs that are ready or handed out, by queue.",
            By("queue", figures.Queues, Jobs.Dispatching.JobQueues.All));
        Write(text, "amnre_latest_attempts", "gauge", "The latest thousand ended attempts, by outcome.",
            By("outcome", figures.LatestAttempts, Names<AttemptOutcome>()));
        Write(text, "amnre_attempts_running", "gauge", "Attempts under way.", [("", figures.RunningAttempts)]);
        Write(text, "amnre_workers", "gauge", "Workers that have not left.", [("", figures.Workers)]);
        Write(text, "amnre_workers_busy", "gauge", "Workers that run a job.", [("", figures.BusyWorkers)]);
        Write(text, "amnre_allocations", "gauge", "Allocations of a batch system that have not ended.", [("", figures.Allocations)]);
        Optional("amnre_lease_renewal_age_seconds", "Since the lease renewal that is longest ago, of attempts under way.",
            figures.LeaseRenewalAge);
        Optional("amnre_lease_left_seconds", "Until the first lease of an attempt under way runs out.", figures.LeaseLeft);
        Optional("amnre_oldest_delivery_seconds", "For which the longest handed-out job has waited for a worker.", figures.OldestDelivery);
        Write(text, "amnre_dispatch_latency_seconds", "gauge",
            "From when a job could begin to its beginning, over the latest thousand first attempts.",
            [.. (figures.DispatchLatency ?? []).Zip(Quantiles, (seconds, quantile) => ($"quantile=\"{quantile}\"", seconds))]);
        return text.ToString();

        void Optional(string name, string help, double? value) =>
            Write(text, name, "gauge", help, value is { } seconds ? [("", seconds)] : []);
    }

    private static IEnumerable<string> Names<T>() where T : struct, Enum => EnumName.All<T>();

    private static IReadOnlyList<(string Labels, double Value)> By(string label, IReadOnlyDictionary<string, long> counts,
        IEnumerable<string> names) =>
        [.. names.Union(counts.Keys, StringComparer.Ordinal)
            .Select(name => ($"{label}=\"{name}\"", (double)counts.GetValueOrDefault(name)))];

    private static void Write(StringBuilder text, string name, string type, string help,
        IReadOnlyList<(string Labels, double Value)> samples)
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
        foreach (var (labels, value) in samples)
            text.Append(CultureInfo.InvariantCulture, $"{name}{(labels.Length == 0 ? "" : $"{{{labels}}}")} {value:R}\n");
    }
}
