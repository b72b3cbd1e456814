using System.Diagnostics;
using System.Reflection;
using System.Reflection.PortableExecutable;
using Amnre.Scheduler.Hosting;
using Amnre.Scheduler.Markup;
using Amnre.Testing;
using Microsoft.AspNetCore.Components;

namespace Amnre.Architecture.Tests;

/// <summary>The pages are Razor components. Their compiler makes them public, and what they take must be public with them: these, and
/// what other projects use, are all that the scheduler shows.</summary>
public sealed class ComponentTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Assembly Scheduler = typeof(SchedulerHost).Assembly;

    private static readonly IReadOnlyList<Type> Components =
        [.. Scheduler.GetExportedTypes().Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(IComponent)))];

    [Fact]
    public void Only_components_what_they_take_and_what_other_projects_use_is_public()
    {
        var elsewhere = Rooms.Uses
            .Where(use => !IsScheduler(use.From) && IsScheduler(use.To))
            .Select(use => Scheduler.GetType(use.Used)).OfType<Type>();

        Assert.Empty(Scheduler.GetExportedTypes().Where(type => !type.IsNested && type.Name != "_Imports")
            .Except(Reached([.. Components, .. elsewhere])).Select(type => type.FullName));
    }

    /// <summary>What the test above looks for is found where it is.</summary>
    [Fact]
    public void A_type_that_no_component_takes_is_not_reached()
    {
        Assert.NotEmpty(Components);
        Assert.Contains(typeof(Visitor), Reached([typeof(Document)]));
        Assert.DoesNotContain(typeof(SchedulerHost), Reached(Components));
    }

    /// <summary>The compiler writes no sealed classes; none is built upon all the same.</summary>
    [Fact]
    public void No_component_is_derived_from_another() => Assert.All(Components, component => Assert.True(
        component.BaseType == typeof(ComponentBase)
            || (component.BaseType is { IsGenericType: true } page && page.GetGenericTypeDefinition() == typeof(PageOf<>)),
        component.FullName));

    /// <summary>Components encode what they show unless it says that it is markup: nothing here says so.</summary>
    [Fact]
    public void No_text_is_taken_for_markup() => Assert.DoesNotContain(Repository.SourceFiles("src"), path =>
        File.ReadAllText(path) is var text && (text.Contains("MarkupString", StringComparison.Ordinal)
            || text.Contains("AddMarkupContent", StringComparison.Ordinal)));

    /// <summary>Razor's compiler writes absolute paths into the C# that it makes. Symbols embed it and the module names them, so with
    /// them the same sources would be another build in every folder, and workers would not be let in.</summary>
    [Fact]
    public void The_build_of_the_scheduler_does_not_depend_on_where_its_sources_lie()
    {
        Assert.SkipWhen(Scheduler.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true }, "a build to debug");
        using var file = new PEReader(File.OpenRead(Scheduler.Location));

        Assert.DoesNotContain(file.ReadDebugDirectory(),
            entry => entry.Type is DebugDirectoryEntryType.CodeView or DebugDirectoryEntryType.PdbChecksum);
    }

    private static bool IsScheduler(string room) =>
        room == "Amnre.Scheduler" || room.StartsWith("Amnre.Scheduler.", StringComparison.Ordinal);

    /// <summary>Types of the scheduler that the public members of some name, and so on.</summary>
    private static HashSet<Type> Reached(IReadOnlyList<Type> begin)
    {
        var reached = new HashSet<Type>();
        var open = new Stack<Type>(begin);
        while (open.TryPop(out var type))
        {
            if (type.HasElementType) open.Push(type.GetElementType()!);
            foreach (var argument in type.GenericTypeArguments) open.Push(argument);
            if (type.IsGenericType) type = type.GetGenericTypeDefinition();
            if (type.Assembly != Scheduler || !reached.Add(type)) continue;
            foreach (var named in Named(type)) open.Push(named);
        }

        return reached;
    }

    private static IEnumerable<Type> Named(Type type) =>
    [
        .. type.BaseType is { } parent ? [parent] : Array.Empty<Type>(),
        .. type.GetProperties(Declared).Select(property => property.PropertyType),
        .. type.GetFields(Declared).Select(field => field.FieldType),
        .. type.GetMethods(Declared)
            .SelectMany(method => method.GetParameters().Select(one => one.ParameterType).Append(method.ReturnType)),
        .. type.GetConstructors(Declared).SelectMany(made => made.GetParameters().Select(one => one.ParameterType)),
    ];
}
