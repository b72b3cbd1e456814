using Amnre.Engine;
using Amnre.Engine.Catalog;
using Amnre.Engine.Declarations;
using Amnre.Engine.Simulators;
using Amnre.Experiments.Fields;
using YamlDotNet.RepresentationModel;

namespace Amnre.Experiments.Reading;

/// <summary>Reads what a study is about: <c>simulator</c>, or where all rows come from files, <c>parameters</c> and
/// <c>observation</c>.</summary>
internal static class SimulatorReader
{
    /// <param name="top">The whole file.</param>
    /// <param name="folder">Where relative paths start.</param>
    /// <returns>Null when there is a validation error.</returns>
    public static ISimulator? Read(Section top, string folder)
    {
        var name = top.Text("simulator") ?? "";
        var (parameters, observation) = (top.Find("parameters"), top.Find("observation"));
        if (parameters is not null || observation is not null)
        {
            if (name.Length == 0) return Declared(top, parameters);
            foreach (var field in (string[])["parameters", "observation"])
                top.RefuseAny(field, $"simulator '{name}' says what its parameters and observations are: leave '{field}' out, or leave " +
                    "'simulator' out where all rows come from files");
        }

        if (name.Length > 0) return Find(top, name, folder);
        top.Error("simulator", "'simulator' is missing: write 'simulator: …', or where all rows come from files, 'parameters' with " +
            "their priors and the shape of an 'observation'");
        return null;
    }

    private static ISimulator? Find(Section top, string name, string folder)
    {
        try
        {
            return SimulatorCatalog.Find(name, folder);
        }
        catch (InputException unknown)
        {
            top.Error("simulator", unknown.Message);
            return null;
        }
    }

    private static DeclaredSimulator? Declared(Section top, YamlNode? parameters)
    {
        var entries = parameters is YamlMappingNode mapping
            ? mapping.Children.Select(child => ((child.Key as YamlScalarNode)?.Value ?? "", child.Value)).ToList()
            : [];
        return DeclaredSimulator.Read(entries, top.Texts("observation") ?? [], (field, node, message) =>
        {
            if (node is null) top.Error(field, message);
            else top.Error(node, message);
        });
    }
}
