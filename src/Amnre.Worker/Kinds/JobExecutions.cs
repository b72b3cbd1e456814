namespace Amnre.Worker.Kinds;

/// <summary>How every kind of job is done by the engine.</summary>
public static class JobExecutions
{
    public static IReadOnlyList<IJobExecution> All { get; } =
        [new SampleExecution(), new GatherExecution(), new TrainExecution(), new EvaluateExecution(), new PlotExecution(),
            new BasisExecution(), new ImportExecution(), new VerdictExecution(), new RequireExecution(), new TruthExecution(),
            new DecideExecution()];
}
