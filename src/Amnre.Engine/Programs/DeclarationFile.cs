using Amnre.Engine.Declarations;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Programs;

/// <summary>A manifest that names no program: <c>name</c>, <c>parameters</c> and <c>observation</c> alone.</summary>
internal static class DeclarationFile
{
    /// <param name="reference">Path of a manifest.</param>
    /// <param name="folder">Where a relative path starts.</param>
    /// <returns>Null where the manifest has a program.</returns>
    /// <exception cref="InputException">It is no manifest, or has validation errors.</exception>
    public static DeclaredSimulator? Read(string reference, string folder)
    {
        var (path, digest) = SimulatorReference.Split(reference);
        // What was planned with a program keeps it.
        if (digest is not null) return null;
        var fields = ManifestFields.Load(Path.GetFullPath(path, folder));
        if (fields.Has("command") || fields.Has("protocol")) return null;
        fields.RequiredText("name");
        var declared = DeclaredSimulator.Read(fields.Entries("parameters"), fields.Texts("observation"), (field, node, message) =>
        {
            if (node is null) fields.Error(field, message);
            else fields.Error(node, message);
        });
        fields.ThrowIfAny();
        return declared;
    }
}
