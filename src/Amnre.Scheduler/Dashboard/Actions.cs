using Amnre.Jobs.Views;

namespace Amnre.Scheduler.Dashboard;

/// <summary>The places on the pages where what a reader may do is offered.</summary>
internal static class Actions
{
    public static Html OfExperiment(ExperimentSummary experiment) => Place(Html.None);

    public static Html OfJob(JobDetail job) => Place(Html.None);

    public static Html OfWorker(WorkerSnapshot worker) => Place(Html.None);

    private static Html Place(Html buttons) => Html.Of($"""<div class="actions" data-key="actions">{buttons}</div>""");
}
