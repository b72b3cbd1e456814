using Amnre.Engine.GravitationalWaves;
using Amnre.Engine.Settings;
using Amnre.Engine.Simulators;
using Amnre.Experiments.Fields;
using Amnre.Experiments.Plans;

namespace Amnre.Experiments.Reading;

/// <summary>Reads <c>basis</c>: that a reduced basis is to be built before the datasets are drawn, and how.</summary>
internal static class BasisReader
{
    public static BasisSection? Read(Section top, ISimulator? simulator)
    {
        if (top.Nested("basis") is not { } body) return null;
        var settings = body.Settings(BasisSettings.Fields, new() { Simulator = simulator?.Name ?? "" });
        var resources = ResourceReader.Read(body);
        body.RefuseTheRest();
        if (simulator is not null) body.Errors(BasisBuilding.Errors(settings, simulator));
        return new BasisSection(settings, resources);
    }
}
