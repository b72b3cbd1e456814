using Amnre.Engine;
using Amnre.Engine.Catalog;
using Amnre.Engine.GravitationalWaves;
using Amnre.Engine.Settings;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Specs;

namespace Amnre.Worker.Kinds;

/// <summary>Builds a reduced basis.</summary>
internal sealed class BasisExecution : IJobExecution
{
    public JobKind Kind => JobKind.Basis;

    public RunEnd Run(JobTicket ticket, RunContext context)
    {
        var settings = CanonicalJson.Read<BasisSettings>(ticket.Settings);
        var path = Path.Combine(ticket.OutputDirectory, BasisBuilding.OutputName);
        return BasisBuilding.Run(settings, SimulatorCatalog.Find(settings.Simulator), path, context) is null
            ? RunEnd.Drained
            : RunEnd.Completed;
    }
}
