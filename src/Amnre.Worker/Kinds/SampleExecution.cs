using Amnre.Engine;
using Amnre.Engine.Datasets;
using Amnre.Engine.Settings;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Specs;

namespace Amnre.Worker.Kinds;

/// <summary>Draws one shard of a dataset.</summary>
internal sealed class SampleExecution : IJobExecution
{
    public JobKind Kind => JobKind.Sample;

    public RunEnd Run(JobTicket ticket, RunContext context)
    {
        var settings = CanonicalJson.Read<SampleSettings>(ticket.Settings);
        var simulator = ticket.Simulator(settings.Simulator);
        using var processes = simulator as IDisposable;
        return ShardSampling.Run(settings, simulator, ticket.OutputDirectory, context);
    }
}
